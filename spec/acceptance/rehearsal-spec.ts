import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { lastValueFrom } from 'rxjs';
import type { Distribution } from '../../lib/measure/histogram.js';
import { fittedFrom } from '../../lib/rehearsal/models/fittedFrom.js';
import { run } from '../../lib/run/run.js';
import { startTarget } from '../../lib/target/target.js';
import { virtualRun } from '../../lib/testing/virtualRun.js';

const folder = mkdtempSync(join(tmpdir(), 'fitted-'));
const phout = join(folder, 'phout.log');

/** A percentile of a rehearsal may deviate by so many standard deviations of its rank by chance. */
const DEVIATIONS = 4;

/** The value at a quantile of a measured distribution, in milliseconds. */
function valueAt({ bucketsUs, count }: Distribution, quantile: number): number {
  let left = Math.ceil(Math.min(1, Math.max(0, quantile)) * count);
  for (let i = 0; i < bucketsUs.length; i += 2) {
    left -= bucketsUs[i + 1] as number;
    if (left <= 0) return (bucketsUs[i] as number) / 1000;
  }
  return Number.NaN;
}

/**
 * Between which values of the run a percentile of its rehearsal must be. The rehearsal draws n values from those of the run,
 * so the rank of its percentile q has a standard deviation of sqrt(q (1 - q) / n); buckets are one thousandth wide.
 */
function tolerated(run: Distribution, quantile: number): readonly [from: number, to: number] {
  const rank = DEVIATIONS * Math.sqrt((quantile * (1 - quantile)) / run.count);
  return [valueAt(run, quantile - rank) * 0.998, valueAt(run, quantile + rank) * 1.002];
}

describe('a run and its rehearsal against a model fitted from it', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('agree: counts exactly, percentiles of the service time within the limits of chance', async () => {
    const target = await startTarget();
    const config = {
      pools: [
        {
          id: 'main',
          gun: { type: 'http', target: `127.0.0.1:${target.port}` },
          ammo: { type: 'uri', uris: ['/jitter/10/40 jitter', '/delay/20 delay', '/status/503 broken'] },
          result: { type: 'phout', destination: phout },
          rps: { type: 'line', from: 500, to: 1500, duration: '2s' },
          startup: { type: 'once', times: 200 },
        },
      ],
    };
    const finished = await lastValueFrom(run(config));
    await target.close();
    assert.equal(finished.type, 'run-finished');
    const [real] = finished.type === 'run-finished' ? finished.summaries : [];
    const { summaries } = await virtualRun(config, { target: await fittedFrom(phout), writeResults: false });
    const [rehearsed] = summaries;
    assert.ok(real !== undefined && rehearsed !== undefined);

    const counts = ({ total, tags, planned }: typeof real) => ({
      planned: planned?.count,
      shots: total.ended,
      failed: total.failed,
      badStatus: total.bad,
      statuses: [...total.statuses].sort((a, b) => a.status - b.status),
      tags: tags.map(({ tag, ended: shots, bad: badStatus }) => [tag, shots, badStatus].join(' ')).sort(),
    });
    assert.equal(real.total.ended, 2000);
    assert.deepEqual(counts(rehearsed), counts(real));

    for (const { tag, serviceTimeMs } of real.tags) {
      const model = rehearsed.tags.find((candidate) => candidate.tag === tag)?.serviceTimeMs;
      for (const [name, quantile] of [
        ['p50', 0.5],
        ['p90', 0.9],
        ['p99', 0.99],
      ] as const) {
        const [from, to] = tolerated(serviceTimeMs, quantile);
        const found = model?.[name] ?? Number.NaN;
        assert.ok(found >= from && found <= to, `${tag} ${name}: ${found} ms, tolerated ${from} to ${to} ms`);
      }
    }
  });
});
