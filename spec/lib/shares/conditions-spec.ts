import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtins } from '../../../lib/builtins/builtins.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import { conditionsOf } from '../../../lib/engine/conditions.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import type { SummarySnapshot } from '../../../lib/measure/summary.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { errorRate } from '../../../operators/samples/errorRate.js';
import { type StopWhenOptions, stopWhen } from '../../../operators/samples/stopWhen.js';
import type { WindowCondition } from '../../../operators/samples/whenWindow.js';
import { decoded, SharedPlay } from './play.js';

const START = 1_000_000;

/** 99 shots per second for 60 s, of 50 ms each, in shares that stop when the condition holds. */
class Stopped {
  readonly rows: number[] = [];
  readonly guns: FakeGunFactory[] = [];
  readonly play: SharedPlay;

  constructor(of: number, condition: WindowCondition, options: StopWhenOptions<NetSample> = {}) {
    const stop = stopWhen<NetSample>(condition, options);
    const config = (clock: VirtualClock): unknown => {
      const guns = new FakeGunFactory({
        scheduler: clock,
        latencyMs: 50,
        onShoot: (_ammo, { index }) => this.rows.push(index),
      });
      this.guns.push(guns);
      return {
        pools: ['p', 'q'].map((id) => ({
          id,
          gun: guns,
          ammo: { type: 'uri', uris: ['/ a'] },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 99, duration: id === 'p' ? '60s' : '4s' },
          startup: { type: 'once', times: 24 },
          ...(id === 'p' ? { operators: { samples: [stop] } } : {}),
        })),
      };
    };
    const own = assemblePools(decoded(config(new VirtualClock())).pools, fakeDeps());
    this.guns.length = 0;
    this.play = new SharedPlay({
      of,
      pools: ['p', 'q'],
      config: (_index, clock) => config(clock),
      run: { conditions: own.flatMap(conditionsOf) },
    });
  }

  get stops() {
    return this.play.events.flatMap((event) => (event.type === 'pool-stopped' ? [event] : []));
  }

  get summaries() {
    const summaries = new Summaries(['p', 'q'].map((id) => ({ id, rpsPerInstance: false })));
    for (const event of this.play.events) summaries.add(event);
    return summaries.all;
  }

  /** The values that are the same for any number of shares. */
  get result(): unknown {
    const counts = ({ ended, unfinished, underWay }: SummarySnapshot['total']) => ({ ended, unfinished, underWay });
    return {
      stops: this.stops,
      shot: [...this.rows].sort((a, b) => a - b),
      summaries: this.summaries.map(({ pool, stopped, total }) => [pool, stopped, counts(total)]),
    };
  }
}

describe('a condition of a run in shares', () => {
  it('judges the windows of all shares: the same moment, reason, shots and counts with 1, 2, 3 and 8 shares', async () => {
    const results: unknown[] = [];
    for (const of of [1, 2, 3, 8]) {
      // No share of 2 or more has 90 in a window.
      const run = new Stopped(of, ({ total }) => total.ended >= 90 && `${total.ended} in a window`);
      await run.play.toTheEnd();
      assert.equal(run.play.ended, 'completed');
      results.push(run.result);
      for (const guns of run.guns) assert.deepEqual(guns.closes, Array(guns.made).fill(1));
    }
    for (const result of results.slice(1)) assert.deepEqual(result, results[0]);
    const [{ stops, summaries }] = results as [
      { stops: unknown[]; summaries: [string, unknown, Record<string, number>][] },
    ];
    // The run starts 20 ms after all shares are ready, and stops 20 ms after the window.
    assert.deepEqual(stops, [{ type: 'pool-stopped', pool: 'p', at: START + 1020, reason: '95 in a window' }]);
    const [p, q] = summaries;
    assert.deepEqual(p, ['p', '95 in a window', { ended: 97, unfinished: 4, underWay: 4 }]);
    assert.deepEqual(q, ['q', undefined, { ended: 396, unfinished: 0, underWay: 0 }], 'the other pool goes on');
  });

  it('judges several windows in a row, and calls onStop once, in the coordinator', async () => {
    const heard: string[] = [];
    const run = new Stopped(3, ({ total }) => total.ended > 195 && `${total.ended} in two`, {
      windows: 2,
      onStop: ({ reason }) => heard.push(reason),
    });
    await run.play.toTheEnd();
    assert.deepEqual(heard, ['198 in two']);
    assert.deepEqual(
      run.stops.map(({ at }) => at),
      [START + 3020],
      'the first window has 95, because a shot takes 50 ms',
    );
  });

  it("with source: 'drain' reports, and leaves the end to onStop", async () => {
    const run = new Stopped(2, ({ total }) => total.ended >= 90, { source: 'drain' });
    await run.play.play(5000);
    assert.equal(run.stops.length, 1);
    assert.ok(!run.play.orders.some(({ message }) => message.type === 'stop'));
    assert.equal(run.play.ended, undefined);
    run.play.unsubscribe();
  });

  it('that throws fails the run, with the operator and the pool', async () => {
    const run = new Stopped(2, () => {
      throw new TypeError('broken');
    });
    await run.play.toTheEnd();
    const { code, pool, component, message } = run.play.error;
    assert.deepEqual([code, pool, component?.kind], ['ELPIS_OPERATOR', 'p', 'operator']);
    assert.match(message, /of samples failed: broken/);
  });

  it('with a tag that no share had causes one warning', async () => {
    const run = new Stopped(3, (window) => errorRate(window, 'crat') > 0.5 || window.total.ended > 95);
    await run.play.toTheEnd();
    assert.deepEqual(
      run.play.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message),
      ['a condition names tags that no sample had: crat'],
    );
  });

  it('does not wait for a share that has died', async () => {
    const run = new Stopped(2, ({ total }) => total.ended >= 1e9);
    await run.play.play(1500);
    run.play.shareEnds[1]?.close();
    await run.play.toTheEnd();
    assert.equal(run.play.error.thread, 1);
  });
});

describe('operators that are no conditions', () => {
  it('are not found among the operators of samples', () => {
    const pools = assemblePools(
      decoded(
        {
          pools: [
            {
              id: 'p',
              gun: new FakeGunFactory({ scheduler: new VirtualClock() }),
              ammo: { type: 'dummy' },
              result: { type: 'discard' },
              rps: { type: 'once', times: 1 },
              startup: { type: 'once', times: 1 },
              operators: { samples: [{ type: 'retag', pattern: 'x' }, stopWhen<NetSample>(() => false)] },
            },
          ],
        },
        builtins(),
      ).pools,
      fakeDeps(),
    );
    assert.deepEqual(
      pools.flatMap(conditionsOf).map(({ pool, position }) => [pool, position]),
      [['p', 1]],
    );
  });
});
