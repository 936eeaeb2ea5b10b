import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { planCodec } from '../../../lib/record/planJson.js';
import { faultText } from '../../../lib/record/recordFault.js';
import { lineKind, RecordIndex } from '../../../lib/record/recordIndex.js';
import { RecordLines } from '../../../lib/record/recordLines.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { started } from './recorded.js';

describe('the bounds of a record', () => {
  it('of the events before run-started, the first 1,000 are kept', () => {
    const lines = new RecordLines(50, 0);
    for (let i = 0; i < 1500; i++) {
      const early: RunEvent = { type: 'warning', at: i, message: `early ${i}`, fields: {} };
      assert.deepEqual(lines.add(early), []);
    }
    const [header, first, ...others] = lines
      .add(started('a'))
      .map(({ text }) => JSON.parse(text) as { type?: string; message?: string });
    assert.notEqual(header?.type, 'warning');
    assert.equal(first?.message, 'early 0');
    assert.deepEqual([others.length, others.at(-2)?.message, others.at(-1)?.type], [1000, 'early 999', 'run-started']);
  });

  it('the index of a level has at most 200,000 ranges, and else is left out', () => {
    const index = new RecordIndex();
    const remark = lineKind('{"type":"annotation"');
    for (let i = 0; i < 200_000; i++) index.add(remark, [2 * i, 2 * i + 1]);
    assert.deepEqual(
      index.finish().map((ranges) => ranges?.length),
      index.finish().map(() => 200_000),
    );
    index.add(remark, [400_000, 400_001]);
    assert.ok(index.finish().every((ranges) => ranges === undefined));
  });

  it('a plan of more than 256 stages is recorded as one stage', () => {
    const stagesIn = (count: number): unknown => {
      const stages = Array.from({ length: count }, (_, i) => constPlan({ ops: 1 + (i % 2), duration: 1e9 }));
      return (planCodec.encode(compositePlan(stages)) as { readonly stages?: readonly unknown[] }).stages?.length;
    };
    assert.deepEqual([stagesIn(256), stagesIn(257)], [256, undefined]);
  });

  it('a message about a wrong value has its first 40 characters', () => {
    const read = t.type({ at: t.number }).decode({ at: 'x'.repeat(10_000) });
    assert.ok(isLeft(read));
    assert.equal(faultText(read.left), `.at: expected number, got "${'x'.repeat(39)}...`);
  });
});
