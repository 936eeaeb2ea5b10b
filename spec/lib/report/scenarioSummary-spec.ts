import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, lastValueFrom } from 'rxjs';
import { summary } from '../../../lib/aggregators/summary.js';
import { isSummarySnapshot, mergeSummaries, type SummarySnapshot } from '../../../lib/measure/summary.js';
import type { NetSample, SampleScope } from '../../../lib/protocols/netSample.js';
import { summaryJson } from '../../../lib/report/summaryJson.js';
import { summaryText } from '../../../lib/report/summaryText.js';
import { sampleOf } from '../aggregators/sampleOf.js';

const T0 = 1_700_000_000_000;
const sample = (tag: string, scope: SampleScope, ms: number, fields: Partial<NetSample> = {}): NetSample =>
  sampleOf({ tag, scope, intended: T0, started: T0, responded: T0 + ms, ended: T0 + ms, ...fields });
const failed = { netCode: 998, errorName: 'check: ok' };

/** Two scenarios of two requests each; a tag of a request is that of a group too, and one check failed. */
async function snapshotOf(): Promise<SummarySnapshot> {
  const samples = [
    sample('shop/a', '', 10, { protoCode: 200 }),
    sample('shop/a', 'group', 20),
    sample('shop', 'scenario', 500, { protoCode: 0 }),
    sample('shop/a', '', 10, { protoCode: 200, ...failed }),
    sample('shop', 'scenario', 300, { protoCode: 0, ...failed }),
  ];
  const planned = { count: 2, durationMs: 1000 };
  const { detail } = await lastValueFrom(from(samples).pipe(summary({ pool: 'p', planned })));
  if (!isSummarySnapshot(detail)) assert.fail('no summary');
  return detail;
}

describe('a summary of scenarios', () => {
  it('counts scenarios and groups beside the total of requests', async () => {
    const { total, scenarios, tags } = await snapshotOf();
    assert.deepEqual([total.ended, total.failed, total.bad, total.responseTimeMs.max < 20], [2, 0, 1, true]);
    assert.deepEqual([scenarios?.ended, scenarios?.failed, scenarios?.bad], [2, 0, 1]);
    assert.deepEqual(
      tags.map(({ tag, scope, ended: shots }) => [tag, scope, shots]),
      [
        ['shop', 'scenario', 2],
        ['shop/a', undefined, 2],
        ['shop/a', 'group', 1],
      ],
    );
  });

  it('merges as it counts', async () => {
    const one = await snapshotOf();
    const { total, scenarios, tags, planned } = mergeSummaries([one, one]);
    assert.deepEqual([total.ended, scenarios?.ended, tags.length, planned?.count], [4, 4, 3, 4]);
  });

  it('shows how many of the planned starts have ended in the text', async () => {
    const text = summaryText([await snapshotOf()]);
    assert.match(text, /scenarios +2 of 2 planned, 1 failed \(50\.00 %\)/);
    assert.match(text, /shots +2, 1 bad \(50\.00 %\)/);
    assert.match(text, /net 998 check: ok +1/);
  });

  it('shows which tags span others in JSON', async () => {
    const [pool] = summaryJson([await snapshotOf()]).pools;
    assert.equal(pool?.scenarios?.shots, 2);
    assert.deepEqual(
      pool?.tags.map(({ scope }) => scope),
      ['scenario', undefined, 'group'],
    );
  });
});
