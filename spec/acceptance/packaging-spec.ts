import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

/** What a packing needs of the project: it happens in a copy, so that `dist` of the project is left alone. */
const PACKED = ['lib', 'operators', 'docs', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
const PACKED_IF_THERE = ['README.md', 'LICENSE', 'CHANGELOG.md'];

const root = process.cwd();
const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version;
const folder = mkdtempSync(join(tmpdir(), 'elpis-packaging-'));
const source = join(folder, 'source');
const project = join(folder, 'project');
/** Paths inside the tarball. */
let contents: readonly string[];

/** Runs a program and answers what it printed; a failure shows all of it. */
function run(cwd: string, command: string, ...args: string[]): string {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  };
  // Settings of an npm that runs this spec would reach the npm inside.
  for (const name of Object.keys(env)) if (/^npm_(?!config_(registry|cache|userconfig))/i.test(name)) delete env[name];
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 100_000 });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error ?? ''}\n${stdout}${stderr}`);
  return stdout;
}

function write(name: string, ...lines: string[]): void {
  writeFileSync(join(project, name), `${lines.join('\n')}\n`);
}

before(() => {
  mkdirSync(source);
  for (const name of [...PACKED, ...PACKED_IF_THERE.filter((each) => existsSync(each))]) {
    cpSync(join(root, name), join(source, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'));
  const [packed] = JSON.parse(run(source, 'npm', 'pack', '--json', '--silent').replace(/^[^[]*/, ''));
  contents = packed.files.map(({ path }: { path: string }) => path);

  mkdirSync(project);
  write('package.json', JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  const tarball = join(source, packed.filename);
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--omit=dev', tarball);
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the package, installed from its tarball', () => {
  it('holds what is needed and nothing of the workshop', () => {
    for (const path of ['LICENSE', 'README.md', 'CHANGELOG.md', 'docs/ARCHITECTURE.md']) {
      assert.ok(contents.includes(path), `${path} is missing`);
    }
    const stray = contents.filter(
      (path) => !/^(dist\/(lib|operators)\/|docs\/|[A-Z]+(\.md)?$|package\.json$)/.test(path),
    );
    assert.deepEqual(stray, []);
  });

  it('type-checks in TypeScript under NodeNext, from ES modules and from CommonJS', () => {
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
          ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
        },
        files: ['load.ts', 'load.cts'],
      }),
    );
    run(project, process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  });

  it('runs as ES modules', () => {
    write(
      'load.js',
      "import { isElpisError } from 'elpis';",
      "import { shoot } from 'elpis/operators';",
      "import { VirtualClock } from 'elpis/testing';",
      'const clock = new VirtualClock(5);',
      'console.log(typeof isElpisError, typeof shoot, clock.now());',
    );
    assert.equal(run(project, process.execPath, 'load.js'), 'function function 5\n');
  });

  it('runs from CommonJS, and is the same modules there', () => {
    write(
      'load.cjs',
      "const { ElpisError } = require('elpis');",
      "const { shoot } = require('elpis/operators');",
      "import('elpis').then((again) => console.log(typeof shoot, again.ElpisError === ElpisError));",
    );
    assert.equal(run(project, process.execPath, 'load.cjs'), 'function true\n');
  });

  it('brings a command', () => {
    assert.match(
      run(project, join(project, 'node_modules/.bin/elpis'), '--version'),
      new RegExp(`^elpis ${version}\\n$`),
    );
    assert.match(run(project, 'npx', '--no-install', 'elpis', '--help'), /elpis/);
  });
});
