import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PackedProject } from './packedProject.js';

const root = process.cwd();
const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version;
let project: PackedProject;

/** Runs Node in the project and returns what it printed; a failure shows all of it. */
async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.node(...args);
  assert.equal(code, 0, `${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const write = (name: string, ...lines: string[]): void => project.write(name, `${lines.join('\n')}\n`);

before(() => {
  project = new PackedProject();
});
after(() => project.remove());

describe('the package, installed from its tarball', () => {
  it('is built before it is packed, and contains the needed files and no development files', () => {
    assert.equal(JSON.parse(readFileSync('package.json', 'utf8')).scripts.prepack, 'npm run build');
    for (const path of ['LICENSE', 'README.md', 'CHANGELOG.md', 'docs/ARCHITECTURE.md', 'dist/LICENCES.txt']) {
      assert.ok(project.contents.includes(path), `${path} is missing`);
    }
    const wanted =
      /^(dist\/|lib\/|operators\/|docs\/|examples\/|deploy\/|bench\/(README\.md|budgets\.json)$|[A-Z]+(\.md)?$|package\.json$)/;
    assert.deepEqual(
      project.contents.filter((path) => !wanted.test(path)),
      [],
    );
  });

  it('type-checks in TypeScript under NodeNext, from ES modules and from CommonJS', async () => {
    write(
      'load.ts',
      "import { ElpisError, type Gun, isElpisError, runPools, type TimedSample } from 'elpis';",
      "import { reportTo, shoot, type ShootOptions, ticks, zipAmmo } from 'elpis/operators';",
      "import { FakeGunFactory, VirtualClock } from 'elpis/testing';",
      'declare const sample: TimedSample;',
      'const gun: Gun<string, TimedSample> = { shoot: (tag: string) => [{ ...sample, tag }] };',
      'const options: ShootOptions<string, TimedSample> = { instances: 2, scheduler: new VirtualClock() };',
      'export const made = [gun, options, runPools, ticks, zipAmmo, shoot, reportTo, FakeGunFactory];',
      "export const known: boolean = isElpisError(new ElpisError('ELPIS_AMMO', 'no'), 'ELPIS_AMMO');",
      '// @ts-expect-error the codes are a closed list',
      "isElpisError(undefined, 'NO_SUCH_CODE');",
    );
    write('load.cts', "import elpis = require('elpis');", 'export const run: typeof elpis.runPools = elpis.runPools;');
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...{ module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, skipLibCheck: true },
          ...{ types: [] },
        },
        files: ['load.ts', 'load.cts'],
      }),
    );
    await run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  });

  it('runs as ES modules', async () => {
    write(
      'load.js',
      "import { isElpisError } from 'elpis';",
      "import { shoot } from 'elpis/operators';",
      "import { VirtualClock } from 'elpis/testing';",
      'const clock = new VirtualClock(5);',
      'console.log(typeof isElpisError, typeof shoot, clock.now());',
    );
    assert.equal(await run('load.js'), 'function function 5\n');
  });

  it('runs from CommonJS, with the same module instances', async () => {
    write(
      'load.cjs',
      "const { ElpisError } = require('elpis');",
      "const { shoot } = require('elpis/operators');",
      "import('elpis').then((again) => console.log(typeof shoot, again.ElpisError === ElpisError));",
    );
    assert.equal(await run('load.cjs'), 'function true\n');
  });

  it('is installed by npm, with its command', () => {
    // All dependencies are present, so nothing is downloaded.
    const install = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    execFileSync('npm', [...install, `./elpis-${version}.tgz`], { cwd: project.folder, timeout: 100_000 });
    const command = project.path('node_modules/.bin/elpis');
    assert.equal(execFileSync(command, ['--version'], { encoding: 'utf8' }), `elpis ${version}\n`);
    assert.match(
      execFileSync('npx', ['--no-install', 'elpis', '--help'], { cwd: project.folder, encoding: 'utf8' }),
      /elpis/,
    );
  });
});
