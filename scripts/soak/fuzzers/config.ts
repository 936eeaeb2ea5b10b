import assert from 'node:assert/strict';
import type { Issue } from '../../../lib/codec/issue.js';
import { elpis } from '../../../spec/lib/cli/inProcess.js';
import { fuzzer } from '../fuzzer.js';
import { configTexts } from './configs.js';

interface Printed {
  readonly error?: { readonly code: string; readonly message: string };
  readonly issues: readonly Issue[];
}

/** An issue has a place in the text: a caret can stand there. */
function isPlaced({ line = 0, column = 0, length = 1, message }: Issue, lines: readonly string[]): void {
  const where = `${line}:${column} ${message}`;
  assert.ok(message !== '' && !message.includes('undefined'), where);
  const text = lines[line - 1];
  assert.ok(text !== undefined, `no such line: ${where}`);
  assert.ok(column >= 1 && column <= text.length + 1 && length >= 0, `no such column: ${where}`);
}

/** `elpis check` on configs that are damaged in any way. */
export const configsOfAnyKind = fuzzer({
  name: 'config',
  holds: 'a config is accepted or refused with issues at their places, quickly and without an unexpected error',
  runs: 200,
  input: configTexts,
  check: async (text) => {
    const started = performance.now();
    const { code, stdout, stderr } = await elpis(['check', '--json', '-'], { stdin: text });
    const ms = performance.now() - started;
    assert.ok(ms < 5000, `it takes ${ms} ms`);
    const { error, issues } = JSON.parse(stdout) as Printed;
    if (code === 0) return;
    assert.equal(code, 2, stderr);
    assert.equal(error?.code, 'ELPIS_CONFIG', error?.message);
    assert.ok(issues.length > 0, error?.message);
    const lines = text.split(/\r?\n/);
    for (const issue of issues) isPlaced(issue, lines);
  },
  limitMs: 20_000,
});
