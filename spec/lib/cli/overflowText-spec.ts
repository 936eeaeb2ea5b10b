import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overflowText } from '../../../lib/cli/commands/check.js';
import type { OverflowPolicy } from '../../../operators/firing/overflow.js';

const TABLE: readonly [overflow: OverflowPolicy, text: string][] = [
  [{ policy: 'queue' }, 'every operation is shot, even when it is late'],
  [{ policy: 'discard', afterMs: 2000 }, 'operations overdue by 2 s are discarded'],
  [{ policy: 'abort' }, 'an operation due without a free instance ends the run'],
  [{ policy: 'abort', afterMs: 50 }, 'an operation overdue by 50 ms without a free instance ends the run'],
  [{ policy: 'grow', maxInstances: 9 }, 'an operation due without a free instance starts another, up to 9 in all'],
];

describe('overflowText', () => {
  for (const [overflow, text] of TABLE) it(text, () => assert.equal(overflowText(overflow), text));
});
