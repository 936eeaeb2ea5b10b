import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'elpis-runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs scripts/spec.mjs in a project with this single spec file. */
function lastLine(name: string, text: string): { line: string | undefined; status: number | null } {
  const project = join(folder, name);
  mkdirSync(join(project, 'spec'), { recursive: true });
  cpSync(join(root, 'scripts'), join(project, 'scripts'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(join(project, 'spec', `${name}-spec.ts`), text);
  const { NODE_TEST_CONTEXT: _, SPEC_TOTALS: __, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, ['scripts/spec.mjs'], {
    ...{ cwd: project, encoding: 'utf8' },
    env: { ...env, SPEC_LONGEST_TEST_MS: '1000', SPEC_LONGEST_END_MS: '200' },
  });
  return { line: stdout.trimEnd().split('\n').at(-1), status };
}

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
      assert.deepEqual(lastLine(name, text), { line, status: line.endsWith(' 0 failed') ? 0 : 1 });
    });
  }
});
