// Alone: its processes have short limits of time.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'elpis-runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs scripts/spec.mjs in a project with these spec files. */
function runnerOn(name: string, files: Readonly<Record<string, string>>): { stdout: string; status: number | null } {
  const project = join(folder, name);
  mkdirSync(join(project, 'spec'), { recursive: true });
  cpSync(join(root, 'scripts'), join(project, 'scripts'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, 'spec', `${file}-spec.ts`), text);
  const { NODE_TEST_CONTEXT: _, SPEC_TOTALS: __, ...env } = process.env;
  return spawnSync(process.execPath, ['scripts/spec.mjs'], {
    ...{ cwd: project, encoding: 'utf8' },
    env: { ...env, SPEC_LONGEST_TEST_MS: '1000', SPEC_LONGEST_END_MS: '2000' },
  });
}

const lastLine = (stdout: string): string | undefined => stdout.trimEnd().split('\n').at(-1);

describe('scripts/spec.mjs', () => {
  const test = "import test from 'node:test';\n";
  const rows: [name: string, text: string, line: string, sentence: string][] = [
    ['fine', `${test}test('a', () => {});`, '1 passed, 0 failed', 'a test that passes'],
    ['bad', `${test}test('a', () => { throw 1; }); test('b', () => {});`, '1 passed, 1 failed', 'a test that fails'],
    ['crash', "import './nowhere.js';", '0 passed, 1 failed', 'a file that cannot be imported is a failure'],
    ['empty', 'export {};', '0 passed, 1 failed', 'a file without tests is a failure'],
    [
      'late',
      `${test}test('a', () => {}); process.on('exit', () => { process.exitCode = 3; });`,
      '1 passed, 1 failed',
      'a file that fails after its last test is a failure',
    ],
    [
      'stuck',
      `${test}test('a', { timeout: 50 }, () => new Promise(() => setInterval(() => {}, 1000))); test('b', () => process.exit(0));`,
      '0 passed, 1 failed',
      'a file that ends before its last test is a failure',
    ],
    [
      'limit',
      "import { it } from 'node:test';\nlet timer; it('a', () => {}); it('b', () => new Promise(() => { timer = setInterval(() => {}, 1000); })); it('c', () => clearInterval(timer));",
      '2 passed, 1 failed',
      'a test that does not end fails at its limit, and only that test',
    ],
    [
      'open',
      `${test}test('a', () => { setInterval(() => {}, 1000); });`,
      '1 passed, 1 failed',
      'a file that runs on after its last test is a failure',
    ],
    [
      'hook',
      "import { after, describe, it } from 'node:test';\ndescribe('s', () => { after(() => { throw 1; }); it('a', () => {}); });",
      '1 passed, 1 failed',
      'a hook that fails is a failure',
    ],
  ];
  for (const [name, text, line, sentence] of rows) {
    it(sentence, () => {
      const { stdout, status } = runnerOn(name, { [name]: text });
      assert.deepEqual([lastLine(stdout), status], [line, line.endsWith(' 0 failed') ? 0 : 1]);
    });
  }

  const hooked = "import { beforeEach, it } from 'node:test';\nbeforeEach(() => { throw 1; }); it('a', () => {});";
  const marks = `${test}test('a', () => { globalThis.marked = true; });`;
  const expects = (marked: boolean): string =>
    `${test}test('a', () => { if ((globalThis.marked === true) !== ${marked}) throw 1; });`;
  const groups: [
    name: string,
    files: Readonly<Record<string, string>>,
    line: string,
    output: RegExp,
    sentence: string,
  ][] = [
    [
      'together',
      { a: marks, b: expects(true) },
      '2 passed, 0 failed',
      /2 unit and 0 acceptance files in \S+ s; .*; 1 processes/,
      'short files share a process',
    ],
    [
      'alone',
      { a: marks, b: `// Alone: a reason.\n${expects(false)}` },
      '2 passed, 0 failed',
      /; 2 processes/,
      'a file that says why has a process of its own',
    ],
    [
      'hooks',
      { a: hooked, b: `${test}test('b', () => {});` },
      '1 passed, 1 failed',
      /✖ a\n {2}spec\/a-spec\.ts\n/,
      'hooks hold for their own file, and a failure names its file',
    ],
    [
      'none',
      { a: 'export {};', b: `${test}test('b', () => {});` },
      '1 passed, 1 failed',
      /✖ spec\/a-spec\.ts holds no tests\n/,
      'a file without tests is found among others',
    ],
    [
      'broken',
      { a: `${test}test('a', () => process.exit(0));`, b: `${test}test('b', () => {});` },
      '1 passed, 1 failed',
      /✖ spec\/a-spec\.ts ended without counts/,
      'a file that breaks the process is found, and the others are counted',
    ],
    [
      'mixed',
      { a: marks, b: `${test}test('b', () => { if (globalThis.marked) process.exit(0); });` },
      '2 passed, 1 failed',
      /✖ spec\/a-spec\.ts, spec\/b-spec\.ts: their process ended without counts/,
      'files that break the process only together are a failure',
    ],
  ];
  for (const [name, files, line, output, sentence] of groups) {
    it(sentence, () => {
      const { stdout, status } = runnerOn(name, files);
      assert.deepEqual([lastLine(stdout), status], [line, line.endsWith(' 0 failed') ? 0 : 1], stdout);
      assert.match(stdout, output);
    });
  }
});
