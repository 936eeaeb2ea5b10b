import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, defer, map, type Observable, of, timer, toArray } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { struct } from '../../../lib/codec/struct.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import type { SummarySnapshot } from '../../../lib/measure/summary.js';
import { indexedRandom } from '../../../lib/plans/chance.js';
import { component } from '../../../lib/plugin/component.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { decoded, type PlayOptions, SharedPlay, turn } from './play.js';

/** The shots of all shares of a run. */
class Run {
  /** Pool, index, intended moment, and the ammo: its number and its tag. */
  readonly rows: [pool: string, index: number, at: number, ammo: string][] = [];
  readonly guns: FakeGunFactory[] = [];

  #gunOf(pool: string, clock: VirtualClock): FakeGunFactory {
    const guns = new FakeGunFactory({
      scheduler: clock,
      latencyMs: ({ index }) => 20 + (index % 7) * 30,
      onShoot: (ammo, { index, at }) => {
        const { id, tag } = ammo as { readonly id: number; readonly tag: string };
        this.rows.push([pool, index, at, `${id} ${tag}`]);
      },
    });
    this.guns.push(guns);
    return guns;
  }

  /** Two pools: one with a plan, chance, and more operations than free instances; one that ends with its ammo. */
  config(clock: VirtualClock): unknown {
    return {
      pools: [
        {
          id: 'p',
          gun: this.#gunOf('p', clock),
          ammo: { type: 'uri', uris: ['/ a', '/ b', '/ c', '/ d', '/ e'] },
          result: { type: 'discard' },
          rps: [
            { type: 'line', from: 10, to: 200, duration: '1s' },
            { type: 'once', times: 7 },
          ],
          startup: { type: 'once', times: 24 },
          operators: { ticks: [{ type: 'poisson' }] },
        },
        {
          id: 'q',
          gun: this.#gunOf('q', clock),
          ammo: { type: 'uri', uris: ['/ x', '/ y', '/ z'], passes: 5 },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 50, duration: '10s' },
          startup: { type: 'once', times: 8 },
        },
      ],
    };
  }

  union(): readonly (readonly [string, number, number, string])[] {
    const sorted = [...this.rows].sort((a, b) => a[0].localeCompare(b[0]) || a[1] - b[1]);
    const first = sorted[0]?.[2] ?? 0;
    return sorted.map(([pool, index, at, tag]) => [pool, index, Number((at - first).toFixed(6)), tag]);
  }
}

function summariesOf(events: readonly PoolEvent[]): readonly SummarySnapshot[] {
  const pools = [...new Set(events.map(({ pool }) => pool))].sort();
  const summaries = new Summaries(pools.map((id) => ({ id, rpsPerInstance: false })));
  for (const event of events) summaries.add(event);
  return summaries.all;
}

const finalsOf = (events: readonly PoolEvent[]) =>
  events
    .flatMap((event) => (event.type === 'pool-finished' ? [event] : []))
    .map(({ pool, progress: { requests, responses, instancesStarted, unfinished } }) => [
      pool,
      ...[requests, responses, instancesStarted, unfinished],
    ])
    .sort();

/** Without shares, by the engine alone. */
async function single() {
  const run = new Run();
  const clock = new VirtualClock(1_000_000);
  const pools = assemblePools(
    decoded(run.config(clock)).pools,
    fakeDeps({ scheduler: clock, random: seededRandom(7) }),
  );
  let events: readonly PoolEvent[] | undefined;
  runPools(pools, { scheduler: clock })
    .pipe(toArray())
    .subscribe((all) => {
      events = all;
    });
  for (let i = 0; i < 10_000 && events === undefined; i++) {
    clock.advance(5);
    await turn();
  }
  return { run, events: events ?? assert.fail('it ends') };
}

async function inShares(of: number, more: Partial<PlayOptions> = {}) {
  const run = new Run();
  const play = new SharedPlay({ of, pools: ['p', 'q'], config: (_index, clock) => run.config(clock), ...more });
  await play.toTheEnd();
  assert.equal(play.ended, 'completed');
  return { run, play };
}

describe('the union of the shares', () => {
  for (const of of [1, 2, 3, 8]) {
    it(`of ${of} is the run without shares: operations, moments, rows, counts and summaries`, async () => {
      const alone = await single();
      const { run, play } = await inShares(of);
      assert.equal(run.rows.length, 112 + 15);
      assert.deepEqual(run.union(), alone.run.union());
      assert.deepEqual(finalsOf(play.events), finalsOf(alone.events));
      const totals = (all: readonly PoolEvent[]) =>
        summariesOf(all).map(({ pool, total }) => [pool, total.ended, total.failed]);
      assert.deepEqual(totals(play.events), totals(alone.events));
      assert.deepEqual(
        play.events.filter(({ type }) => type === 'pool-started').map(({ pool }) => pool),
        ['p', 'q'],
        'each pool starts once',
      );
      for (const guns of run.guns) assert.deepEqual(guns.closes, Array(guns.made).fill(1));
      assert.deepEqual(
        play.played.sort(),
        Array.from({ length: of }, (_, i) => i),
      );
    });
  }

  it('does not depend on the delay of messages', async () => {
    const alone = await single();
    const { run } = await inShares(3, { messageMs: 7 });
    assert.deepEqual(run.union(), alone.run.union());
  });
});

describe('commands to shares', () => {
  const config = (guns: FakeGunFactory): unknown => ({
    pools: [
      {
        id: 'p',
        gun: guns,
        ammo: { type: 'uri', uris: ['/ a'] },
        result: { type: 'discard' },
        rps: { type: 'const', ops: 100, duration: '4s' },
        startup: { type: 'once', times: 6 },
      },
    ],
  });

  async function steered(of: number, messageMs: number, control: (clock: VirtualClock) => Observable<Command>) {
    const shots: FakeGunFactory[] = [];
    const play: SharedPlay = new SharedPlay({
      of,
      messageMs,
      config: (_index, clock) => {
        const guns = new FakeGunFactory({ scheduler: clock });
        shots.push(guns);
        return config(guns);
      },
      run: { control: () => defer(() => control(play.clock)) },
    });
    await play.toTheEnd();
    const all = shots.flatMap((guns) => guns.shots).sort((a, b) => a.index - b.index);
    const start = play.orders.flatMap(({ message }) => (message.type === 'start' ? [message.at] : []))[0] ?? 0;
    return { play, shots: all.map(({ index, intended }) => [index, Number((intended - start).toFixed(6))] as const) };
  }

  const pauseAndFaster = (clock: VirtualClock): Observable<Command> =>
    concat(
      timer(1003, clock).pipe(map(() => command.pause())),
      timer(500, clock).pipe(map(() => command.resume())),
      timer(500, clock).pipe(map(() => command.scaleBy(2))),
    );

  for (const messageMs of [0, 5]) {
    it(`are executed by 3 shares at the same time, as by one, with messages of ${messageMs} ms`, async () => {
      const one = await steered(1, 0, pauseAndFaster);
      const three = await steered(3, messageMs, pauseAndFaster);
      assert.equal(three.play.ended, 'completed');
      assert.equal(three.shots.length, 400);
      assert.deepEqual(three.shots, one.shots);
      assert.deepEqual(
        three.shots.filter(([, at]) => at > 1003 && at < 1503),
        [],
        'a pause',
      );
    });
  }

  it('sent at the start are executed before the first shot', async () => {
    const { shots } = await steered(2, 0, (clock) =>
      concat(of(command.pause()), timer(300, clock).pipe(map(() => command.resume()))),
    );
    assert.equal(shots.length, 400);
    assert.ok(Number(shots[0]?.[1]) >= 300, String(shots[0]));
  });

  it('that are invalid fail the run, with the pool', async () => {
    const { play } = await steered(2, 0, () => of({ type: 'rate', perSecond: -1 }));
    assert.deepEqual([play.error.code, play.error.pool], ['ELPIS_CONTROL', 'p']);
  });
});

describe('random numbers of shares', () => {
  /** A seed that is drawn when the gun is made, a value of it by the index of each shot, and draws while it shoots. */
  async function values(shares: number, seed = 7) {
    const byIndex = new Map<number, number>();
    const later: number[] = [];
    const lucky = component({
      kind: 'gun',
      name: 'lucky',
      summary: 'Draws.',
      options: struct('lucky', {}),
      create: (_config, { random, scheduler }) => {
        const valueAt = indexedRandom(Math.floor(random() * 2 ** 32));
        return new FakeGunFactory({
          scheduler,
          onShoot: (_ammo, { index }) => {
            byIndex.set(index, valueAt(index));
            later.push(random());
          },
        });
      },
    });
    const config = {
      pools: [
        {
          id: 'p',
          gun: { type: 'lucky' },
          ammo: { type: 'uri', uris: ['/ a'] },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 100, duration: '1s' },
          startup: { type: 'once', times: 8 },
        },
      ],
    };
    const registry = builtins().register(lucky);
    const play = new SharedPlay({ of: shares, registry, config: () => config, run: { seed } });
    await play.toTheEnd();
    assert.equal(play.ended, 'completed');
    return { byIndex: [...byIndex].sort(([a], [b]) => a - b), later };
  }

  for (const shares of [2, 3, 8]) {
    it(`by a seed that is drawn when a component is made are the same for ${shares} shares as for one`, async () => {
      const one = await values(1);
      const several = await values(shares);
      assert.equal(one.byIndex.length, 100);
      assert.deepEqual(several.byIndex, one.byIndex);
      assert.notDeepEqual((await values(shares, 8)).byIndex, one.byIndex, 'another seed');
    });
  }

  it('that are drawn later are those of each share: no two shares draw the same', async () => {
    const { later } = await values(4);
    assert.equal(new Set(later).size, later.length);
  });
});
