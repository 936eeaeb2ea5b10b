import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { concatMap, from, timer } from 'rxjs';
import { DONE, PENDING } from '../../../lib/core/cursor.js';
import { defined } from '../../../lib/core/defined.js';
import { BaseCursor } from '../../../lib/pull/baseCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { failureScript } from '../../../lib/rehearsal/models/failureScript.js';
import { constantLatency, exponentialLatency, logNormalLatency } from '../../../lib/rehearsal/models/latencies.js';
import { queueModel } from '../../../lib/rehearsal/models/queueModel.js';
import type { RehearsedPool } from '../../../lib/rehearsal/rehearsal.js';
import { virtualRun } from '../../../lib/testing/virtualRun.js';
import { poolOf } from '../rehearsal/poolOf.js';

const folder = mkdtempSync(join(tmpdir(), 'virtual-run-'));
const path = (name: string): string => join(folder, name);
const run = (replaced: Record<string, unknown>, options: Partial<Parameters<typeof virtualRun>[1]> = {}) =>
  virtualRun({ pools: [poolOf(replaced)] }, { target: constantLatency(20), ...options });
const only = ({ pools }: { readonly pools: readonly RehearsedPool[] }): RehearsedPool => pools[0] as RehearsedPool;

describe('virtualRun', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('is the whole run: counts, times, tags and rates, exactly', async () => {
    const { summaries, pools, durationMs, events } = await run({});
    const { total, planned, tags, latenessMs } = summaries[0] as (typeof summaries)[number];
    assert.deepEqual([total.ended, total.failed, total.unfinished, planned?.count], [1000, 0, 0, 1000]);
    assert.deepEqual([total.responseTimeMs.p50, total.serviceTimeMs.max, latenessMs.max], [20, 20, 0]);
    assert.deepEqual(tags.map(({ tag, ended: shots }) => [tag, shots]).sort(), [
      ['__EMPTY__', 667],
      ['two', 333],
    ]);
    assert.equal(durationMs, 1019);
    const [pool] = pools;
    assert.deepEqual(pool?.rates, { slotMs: 1000, planned: [1000, 0], started: [1000, 0], finished: [980, 20] });
    assert.deepEqual([pool?.instancesNeeded, pool?.instancesStarted], [20, 100]);
    assert.deepEqual([pool?.ammoExhaustedAt, pool?.overflowFrom, pool?.discardsFrom], [null, null, null]);
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ['pool-started', 'pool-finished']);
  });

  it('the same seed gives the same run, bit for bit, ammo from a file and all; another seed another one', async () => {
    writeFileSync(path('ammo.uri'), Array.from({ length: 30_000 }, (_, i) => `/${i} tag${i % 7}\n`).join(''));
    const phout = async (name: string, seed: number): Promise<Buffer> => {
      const pool = (id: string, startup: object) =>
        poolOf({
          id,
          ammo: { type: 'uri', file: path('ammo.uri'), passes: 2 },
          result: { type: 'phout', destination: path(`${id}-${name}`), id: true },
          rps: [
            { type: 'line', from: 1, to: 10_000, duration: '8s' },
            { type: 'unlimited', duration: '1s' },
          ],
          startup,
        });
      const startup = {
        type: 'composite',
        nested: [
          { type: 'once', times: 10 },
          { type: 'const', ops: 50, duration: '4s' },
        ],
      };
      const target = queueModel({ servers: 60, service: logNormalLatency({ medianMs: 5, p99Ms: 30 }) });
      await virtualRun({ pools: [pool('a', startup), pool('b', { type: 'once', times: 50 })] }, { target, seed });
      return Buffer.concat(['a', 'b'].map((id) => readFileSync(path(`${id}-${name}`))));
    };
    const [once, again, other] = [await phout('1.log', 7), await phout('2.log', 7), await phout('3.log', 8)];
    assert.ok(once.length > 1_000_000);
    assert.ok(once.equals(again));
    assert.ok(!once.equals(other));
  });

  it('drops no sample because virtual time is fast', async () => {
    const { summaries } = await run({
      rps: { type: 'const', ops: 20_000, duration: '2s' },
      startup: { type: 'once', times: 1000 },
      result: { type: 'phout', destination: path('all.log'), 'sample-queue-size': 3000 },
    });
    assert.equal(summaries[0]?.total.ended, 40_000);
    assert.equal(readFileSync(path('all.log'), 'utf8').split('\n').length - 1, 40_000);
  });

  it('says when the ammo ran dry', async () => {
    const { summaries, pools } = await run({ ammo: { type: 'uri', uris: ['/a', '/b'], limit: 500 } });
    assert.equal(summaries[0]?.total.ended, 500);
    assert.equal(pools[0]?.ammoExhaustedAt, 499);
  });

  it('says when overflow begins, and when operations are discarded', async () => {
    const { pools, summaries } = await run({
      rps: [
        { type: 'const', ops: 100, duration: '1s' },
        { type: 'const', ops: 1000, duration: '10s' },
      ],
      startup: { type: 'once', times: 10 },
    });
    const { overflowFrom, discardsFrom, instancesNeeded } = only({ pools });
    assert.equal(instancesNeeded, 10);
    assert.ok(overflowFrom !== null && overflowFrom >= 1000 && overflowFrom < 1030, String(overflowFrom));
    assert.ok(discardsFrom !== null && discardsFrom > 2000 && discardsFrom < 3500, String(discardsFrom));
    assert.ok((summaries[0]?.total.discarded ?? 0) > 1000);
  });

  it('grows by the need when the config says so', async () => {
    const { pools } = await run({
      startup: { type: 'once', times: 1 },
      overflow: { policy: 'grow', 'max-instances': 50 },
    });
    assert.deepEqual([only({ pools }).instancesNeeded, only({ pools }).instancesStarted], [20, 20]);
  });

  it('ends at `untilMs`, with what is under way as unfinished', async () => {
    const endless = { type: 'unlimited', duration: '24h' };
    const { summaries, durationMs } = await run({ rps: endless }, { untilMs: 1010 });
    assert.deepEqual([summaries[0]?.total.ended, summaries[0]?.total.unfinished, durationMs], [5000, 100, 1010]);
  });

  it('a shot without a response ends as a timeout: after the limit of the gun, or 30 s, or the option', async () => {
    const longest = async (gun: object, timeoutMs?: number): Promise<unknown> => {
      const options = { target: failureScript('stall'), ...defined({ timeoutMs }) };
      const { summaries } = await run({ gun, rps: { type: 'once', times: 3 } }, options);
      const { total } = summaries[0] as (typeof summaries)[number];
      assert.deepEqual(total.failures, [{ netCode: 110, name: 'timeout', count: 3 }]);
      return Math.round(total.serviceTimeMs.max / 100) * 100;
    };
    const http = { type: 'http', target: 'localhost:80' };
    assert.equal(await longest(http), 30_000);
    assert.equal(await longest({ ...http, 'response-header-timeout': '2s' }), 2000);
    assert.equal(await longest(http, 700), 700);
  });

  it('all pools shoot at one target', async () => {
    const target = queueModel({ servers: 1, service: 10 });
    const once = { rps: { type: 'once', times: 1 } };
    const { summaries } = await virtualRun({ pools: [poolOf(once), poolOf(once)] }, { target });
    assert.deepEqual(
      summaries.map(({ total }) => total.responseTimeMs.max),
      [10, 20],
    );
  });

  it('instances with schedules of their own are planned one by one', async () => {
    const { pools } = await run({
      rps: { type: 'const', ops: 10, duration: '2s' },
      'rps-per-instance': true,
      startup: { type: 'const', ops: 1, duration: '2s' },
    });
    const { rates } = only({ pools });
    assert.deepEqual(rates.planned?.slice(0, 3), [10, 20, 10]);
    assert.deepEqual(rates.started.slice(0, 3), [10, 20, 10]);
  });

  it('writes nothing with writeResults: false, and opens no file', async () => {
    const destination = path('never.log');
    const { summaries } = await run({ result: { type: 'phout', destination } }, { writeResults: false });
    assert.equal(summaries[0]?.total.ended, 1000);
    assert.throws(() => readFileSync(destination), /ENOENT/);
  });

  it('takes a path, with its references', async () => {
    writeFileSync(path('load.yaml'), JSON.stringify({ pools: [poolOf({ rps: { type: 'once', times: '${TIMES}' } })] }));
    const { summaries } = await virtualRun(path('load.yaml'), { target: constantLatency(1), env: { TIMES: '3' } });
    assert.equal(summaries[0]?.total.ended, 3);
  });

  it('rejects with what is wrong with the config, or with the run', async () => {
    await assert.rejects(run({ gun: { type: 'htpp' } }), /htpp/);
    await assert.rejects(run({ ammo: { type: 'uri', file: path('nowhere.uri') } }), /nowhere\.uri/);
    const destination = join(folder, 'no', 'such', 'folder.log');
    await assert.rejects(run({ result: { type: 'phout', destination } }), {
      code: 'ELPIS_CONFIG',
      message: /the folder .* does not exist/,
    });
    await assert.rejects(
      run({ overflow: 'abort', startup: { type: 'once', times: 1 } }),
      /none of the 1 instances is free/,
    );
  });

  it('a response takes virtual time even when the model takes none', async () => {
    const { summaries } = await run({ rps: { type: 'unlimited', duration: '2ms' } }, { target: constantLatency(0) });
    assert.ok((summaries[0]?.total.ended ?? 0) > 1000);
  });

  describe('ammo that does not come from files', () => {
    it('a stream on the clock of the real world makes virtual time wait', async () => {
      const ammo = from([1, 2, 3]).pipe(concatMap((id) => timer(0).pipe(concatMap(() => [{ id, tag: 'own' }]))));
      const { summaries } = await run({ ammo });
      assert.deepEqual(
        summaries[0]?.tags.map(({ tag, ended: shots }) => [tag, shots]),
        [['own', 3]],
      );
    });

    it('ammo that is used again only when it was released comes in virtual time', async () => {
      const free = [1, 2].map((id) => ({ id, tag: 'pooled' }));
      let wake: (() => void) | undefined;
      let handed = 0;
      class Pooled extends BaseCursor<(typeof free)[number]> {
        protected override draw() {
          return handed === 40 ? DONE : (free.pop() ?? PENDING);
        }
        override get reuses(): boolean {
          return true;
        }
        override whenReady(callback: () => void): void {
          wake = callback;
        }
        override release(value: (typeof free)[number]): void {
          handed++;
          free.push(value);
          const waiting = wake;
          wake = undefined;
          if (waiting !== undefined) queueMicrotask(waiting);
        }
      }
      const ammo = new Pullable<unknown>(() => new Pooled());
      const { summaries } = await run({ ammo }, { target: exponentialLatency(5) });
      assert.ok((summaries[0]?.total.ended ?? 0) >= 40);
    });
  });
});
