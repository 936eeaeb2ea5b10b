// Alone: it starts many processes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

const SOURCE = `
export const LIMIT = 3;
export function clip(x: number): number {
  if (x > LIMIT) return LIMIT;
  return x;
}
export function last(items: readonly number[]): number {
  let i = 0;
  while (i < items.length) i++;
  return items[i - 1] ?? 0;
}
export const unused = (x: number): number => x + 1;
`;

const SPEC = `
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clip, last } from '../../../lib/plans/clip.js';
describe('clip', () => {
  it('clips', () => assert.deepEqual([clip(2), clip(9)], [2, 3]));
  it('takes the last', async () => assert.equal(await Promise.resolve(last([7, 8])), 8));
});
`;

describe('npm run mutants', () => {
  const root = process.cwd();
  let project: string;
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  };
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const tsx = resolve(root, 'node_modules/tsx/dist/cli.mjs');
    const argv = [tsx, resolve(root, 'scripts/mutants/run.ts'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: project, env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  before(() => {
    project = mkdtempSync(join(tmpdir(), 'elpis-mutants-'));
    write('package.json', '{"type":"module"}');
    write('lib/plans/clip.ts', SOURCE);
    write('spec/lib/plans/clip-spec.ts', SPEC);
    write('scripts/mutants/equivalent.json', '[]');
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  it('lists the survivors and mutants that no spec runs, and fails below the floor', () => {
    const { status, stdout, stderr } = run();
    assert.equal(status, 1, stderr);
    const survivors = stdout.split('\n').filter((line) => /^lib.*:\d+:\d+ {2}/.test(line));
    assert.deepEqual(survivors, [
      'lib/plans/clip.ts:4:7  boundary: > → >=',
      'lib/plans/clip.ts:12:46  result: return x + 1 → return 0 (no spec runs it)',
      'lib/plans/clip.ts:12:46  arithmetic: + → - (no spec runs it)',
    ]);
    assert.match(stdout, /^lib\/plans\/clip\.ts +11 +1 +2 +0 +78\.6$/m);
    assert.match(stdout, /0 of 14 results from \.mutants\/; score 78\.6 %, floor 85 %: FAILED/);
  });

  it('reuses results of the previous run while neither the source nor its specs have changed', () => {
    const equivalent = {
      file: 'lib/plans/clip.ts',
      code: 'if (x > LIMIT) return LIMIT;',
      mutant: '> → >=',
      because: 'both return LIMIT',
    };
    write('scripts/mutants/equivalent.json', JSON.stringify([equivalent]));
    assert.match(run().stdout, /13 of 14 results from/);
    write(
      'spec/lib/plans/clip-spec.ts',
      `${SPEC.replace('{ clip, last }', '{ clip, last, unused }')}it('adds', () => assert.equal(unused(1), 2));\n`,
    );
    const { status, stdout, stderr } = run();
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^all +13 +0 +0 +1 +100\.0$/m);
    assert.match(stdout, /0 of 14 results from/);
  });

  it('fails when the list of equivalent mutants names a missing one', () => {
    const stale = { file: 'lib/plans/clip.ts', code: 'if (x) return;', mutant: '> → >=', because: 'it was' };
    const elsewhere = { ...stale, code: 'if (x > LIMIT) return LIMIT;', column: 99 };
    write('scripts/mutants/equivalent.json', JSON.stringify([stale, elsewhere]));
    const { status, stdout } = run();
    assert.equal(status, 1);
    assert.match(stdout, /a mutant that is not there: lib\/plans\/clip\.ts: > → >= in if \(x\) return;/);
    assert.match(stdout, /a mutant that is not there: lib\/plans\/clip\.ts: > → >= in if \(x > LIMIT\) return LIMIT;/);
  });

  it('refuses a path without sources, and specs that fail without a mutant', () => {
    assert.deepEqual([run('nowhere').status, run('nowhere').stderr.includes('nowhere')], [2, true]);
    write(
      'spec/lib/plans/bad-spec.ts',
      "import { it } from 'node:test'; it('fails', () => { throw new Error('so'); });",
    );
    const { status, stderr } = run();
    assert.equal(status, 2);
    assert.match(stderr, /bad-spec\.ts: fails: so/);
  });
});
