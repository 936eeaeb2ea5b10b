import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { from, lastValueFrom, type Observable, of, Subject } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { sampled } from '../../../lib/builtins/components.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { writesToStdout } from '../../../lib/config/writesToStdout.js';
import type { Aggregator } from '../../../lib/core/aggregator.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { FakeAggregator } from '../../../lib/testing/fakeAggregator.js';
import { reportTo } from '../../../operators/samples/reportTo.js';
import { sampleOf } from './sampleOf.js';

const ten = (): readonly NetSample[] =>
  Array.from({ length: 10 }, (_, index) =>
    sampleOf({ index, ...(index === 3 ? { protoCode: 500 } : {}), ...(index === 5 ? { netCode: 110 } : {}) }),
  );

/** The samples that a result behind `sampled` gets. */
async function kept(
  options: Omit<NonNullable<Parameters<typeof sampled>[0]>, 'result'>,
  samples: readonly NetSample[],
) {
  const inner = new FakeAggregator<NetSample, number>(({ index }) => index);
  const aggregator = sampled({ ...options, result: inner.aggregator }) as Aggregator<NetSample>;
  await lastValueFrom((from(samples) as Observable<NetSample>).pipe(reportTo(aggregator)));
  return { indexes: inner.seen, flushed: inner.flushed };
}

describe('sampled', () => {
  it('keeps one in n by the index, and by default all that failed', async () => {
    assert.deepEqual((await kept({ oneIn: 4 }, ten())).indexes, [0, 3, 4, 5, 8]);
    assert.deepEqual((await kept({ oneIn: 4, keepFailed: false }, ten())).indexes, [0, 4, 8]);
    assert.deepEqual((await kept({ oneIn: 1 }, ten())).indexes.length, 10);
  });

  it('keeps discarded and unfinished operations', async () => {
    const samples = [sampleOf({ index: 1, outcome: 'discarded' }), sampleOf({ index: 2, outcome: 'unfinished' })];
    assert.deepEqual((await kept({ oneIn: 100 }, samples)).indexes, [1, 2]);
  });

  it('keeps samples that the gun has marked as bad, with any codes', async () => {
    const samples = [sampleOf({ index: 1, verdict: 'bad' }), sampleOf({ index: 2, protoCode: 404, verdict: 'ok' })];
    assert.deepEqual((await kept({ oneIn: 100 }, samples)).indexes, [1]);
  });

  it('flushes its result at the end', async () => {
    assert.equal((await kept({ oneIn: 4 }, ten())).flushed, 1);
  });

  it('closes its result when it is unsubscribed from, and passes its error on', () => {
    const inner = new FakeAggregator<NetSample, number>(({ index }) => index);
    const source = new Subject<NetSample>();
    const running = source.pipe(sampled({ oneIn: 1, result: inner.aggregator }) as Aggregator<NetSample>).subscribe();
    running.unsubscribe();
    assert.deepEqual([source.observed, inner.aborted], [false, 1]);
    let error: unknown;
    of({ index: 0 } as NetSample)
      .pipe(sampled({ oneIn: 1, result: { type: 'discard' } }) as Aggregator<NetSample>)
      .subscribe({
        error: (cause: unknown) => {
          error = cause;
        },
      });
    assert.match(String(error), /sampled/);
  });

  it('refuses a number below one, and a missing result', () => {
    for (const [options, message] of [
      [{ oneIn: 0, result: { type: 'discard' } }, /one-in|oneIn/],
      [{ oneIn: 2 }, /result: missing/],
      [{ result: { type: 'discard' } }, /one-in: missing/],
    ] as const) {
      let failed: unknown;
      const wrong = sampled(options as Parameters<typeof sampled>[0]);
      of(sampleOf({}))
        .pipe(wrong)
        .subscribe({
          error: (error: unknown) => {
            failed = error;
          },
        });
      assert.ok(failed instanceof ConfigError && message.test(failed.message), String(failed));
    }
  });

  it('has the trait that its result writes to standard output', () => {
    const schedule = { type: 'once', times: 1 };
    const pool = (result: unknown) => ({
      pools: [
        {
          gun: { type: 'http', target: 'h:1' },
          ammo: { type: 'uri', uris: ['/'] },
          result,
          rps: schedule,
          startup: schedule,
        },
      ],
    });
    const toStdout = (result: unknown): boolean => {
      const decoded = decodeConfig(pool(result), builtins());
      if (isLeft(decoded)) assert.fail(JSON.stringify(decoded.left));
      return writesToStdout(decoded.right.pools);
    };
    assert.equal(toStdout({ type: 'sampled', oneIn: 2, result: { type: 'jsonlines', sink: 'stdout' } }), true);
    assert.equal(toStdout({ type: 'sampled', oneIn: 2, result: { type: 'jsonlines', sink: './file' } }), false);
  });
});
