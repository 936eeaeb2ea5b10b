import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { planCodec } from '../../../lib/record/planJson.js';
import { faultText } from '../../../lib/record/recordFault.js';
import { lineKind, RecordIndex } from '../../../lib/record/recordIndex.js';
import { RecordLines } from '../../../lib/record/recordLines.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { eventToJson } from '../../../lib/record/eventJson.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { timed } from '../../operators/timed.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { eventsOf, inFolder, recordOf, started, windowAt, windowEvent } from './recorded.js';

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

  it('a window takes at most 800 bytes for each tag with 20 operations, longer windows and index included', async () => {
    const [seconds, tags] = [660, 25];
    const random = seededRandom(1);
    await inFolder(async (file) => {
      function* events(): Iterable<RunEvent> {
        yield started('a');
        for (let second = 0; second < seconds; second++) {
          const recorder = new WindowRecorder({ from: second * 1000, tagLimit: 200 });
          for (let i = 0; i < tags * 20; i++)
            recorder.record(timed(20 * Math.exp(random() + random() + random()), { tag: `tag ${i % tags}` }));
          yield windowEvent('a', recorder.close((second + 1) * 1000, { planned: 1000, started: 1000 }));
        }
      }
      await recordOf(file, events(), { scheduler: new VirtualClock(0) });
      const perTag = statSync(file).size / seconds / tags;
      assert.ok(perTag > 300 && perTag <= 800, `${perTag.toFixed(0)} bytes`);
    });
  });

  it('a window with every possible time takes at most 3.5 kB for each histogram', async () => {
    const recorder = new WindowRecorder({ from: 0, tagLimit: 1 });
    for (let us = 1; us < 3.6e9; us *= 1.0004) recorder.record(timed(us / 1000, { tag: 'all' }));
    const text = JSON.stringify(eventToJson(windowEvent('a', recorder.close(1000))));
    // The total and the tag have one of the response and one of the service time.
    assert.ok(text.length <= 4 * 3500, `${text.length} bytes`);
  });

  it('a record that was cut at any byte has the events before the cut, or no header', async () => {
    await inFolder(async (file) => {
      const window = (second: number): RunEvent => windowEvent('a', windowAt(second, ['x']));
      await recordOf(file, [started('a'), window(0), window(1), { type: 'annotation', at: 2000, text: 'é' }]);
      const whole = readFileSync(file);
      const all = await eventsOf(file);
      const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at);
      const headerEnd = ends[0] ?? 0;
      for (let cut = 0; cut < whole.length; cut++) {
        writeFileSync(file, whole.subarray(0, cut));
        if (cut < headerEnd) {
          await assert.rejects(eventsOf(file), { code: 'ELPIS_RECORD' }, `cut at ${cut}`);
          continue;
        }
        // The last line counts when only its line break is missing.
        const lines = ends.filter((end) => end <= cut).length - 1;
        assert.deepEqual(await eventsOf(file), all.slice(0, lines), `cut at ${cut}`);
      }
    });
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
