import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { of } from 'rxjs';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import { constant } from '../../../lib/schedules/const.js';
import { once } from '../../../lib/schedules/once.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import type { VirtualClock } from '../../../lib/time/virtualClock.js';
import { command } from '../../../operators/ticks/command.js';
import { type PlayOptions, SharedPlay } from './play.js';

const START = 1_000_000;

/** A run of 10 s at 100 per second in 4 shares, whose shots are recorded. */
class Lossy {
  /** The index of each shot, its moment since the start of the virtual clock, its ammo, and when it was shot. */
  readonly shots: { readonly index: number; readonly at: number; readonly ammo: number; readonly shotAt: number }[] =
    [];
  readonly play: SharedPlay;

  constructor(run: PlayOptions['run'] = {}, instances = 24) {
    this.play = new SharedPlay({
      of: 4,
      config: (_index, clock) => this.#config(clock, instances),
      run: {
        announced: [
          {
            id: 'p',
            rpsPerInstance: false,
            plan: constant({ ops: 100, duration: '10s' }).plan,
            instances: once({ times: instances }).plan,
          },
        ],
        silentAfterLossMs: 1000,
        ...run,
      },
    });
  }

  #config(clock: VirtualClock, instances: number): unknown {
    return {
      pools: [
        {
          id: 'p',
          gun: new FakeGunFactory({
            scheduler: clock,
            latencyMs: 30,
            onShoot: (ammo, { index, at }) => {
              const { id } = ammo as { readonly id: number };
              this.shots.push({ index, at: at - START, ammo: id, shotAt: clock.now() - START });
            },
          }),
          ammo: { type: 'uri', uris: Array.from({ length: 7 }, (_, i) => `/${i} t${i}`) },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 100, duration: '10s' },
          startup: { type: 'once', times: instances },
        },
      ],
    };
  }

  /** The process of a share is gone at this time. */
  kill(share: number, ms: number): this {
    this.play.clock.schedule(() => this.play.shareEnds[share]?.close(), ms);
    return this;
  }

  get indexes(): readonly number[] {
    return this.shots.map(({ index }) => index).sort((a, b) => a - b);
  }

  get losses(): readonly Extract<PoolEvent, { readonly type: 'share-lost' }>[] {
    return this.play.events.filter((event) => event.type === 'share-lost');
  }

  /** All operations that the run counts, and the unfinished ones. */
  get counted(): readonly [count: number, unfinished: number] {
    const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
    for (const event of this.play.events) summaries.add(event);
    const { total } = summaries.all[0] ?? assert.fail('the pool has a summary');
    return [total.count, total.unfinished];
  }
}

describe('a share that is lost while the run goes on', () => {
  it('resplit: the others shoot its operations from a window border on, each once, with the same ammo; the gap is unfinished', async () => {
    const lossy = await new Lossy({ onLostShare: 'resplit' }).kill(1, 3313);
    await lossy.play.toTheEnd();
    assert.equal(lossy.play.ended, 'completed');
    assert.equal(new Set(lossy.indexes).size, lossy.indexes.length, 'no operation is shot twice');
    for (const { index, at, ammo } of lossy.shots)
      assert.deepEqual([at - 20, ammo], [index * 10, index + 1], 'its moment and its ammo');
    const [loss] = lossy.losses;
    assert.equal(lossy.losses.length, 1);
    const border = (loss?.takenFrom ?? 0) - START - 20;
    assert.equal(border % 1000, 0, 'a window border');
    assert.ok(border >= 3313 + 1000, `the lost share may shoot for one more second: ${border}`);
    const own = lossy.indexes.filter((index) => index % 4 === 1);
    const all = Array.from({ length: 250 }, (_, i) => 1 + 4 * i);
    assert.deepEqual(
      all.filter((index) => !own.includes(index)),
      all.filter((index) => index * 10 >= 3313 - 20 && index * 10 < border),
      'only the gap is not shot',
    );
    const [count, unfinished] = lossy.counted;
    assert.equal(count, 1000, 'every operation is counted once');
    assert.equal(unfinished, loss?.missing);
    assert.match(String(lossy.play.log.lines.find(({ level }) => level === 'warn')?.message), /given to 3 others/);
    assert.deepEqual(
      lossy.play.closes.map(({ coordinator }) => coordinator),
      lossy.play.closes.map(() => 1),
    );
  });

  it('resplit: a share that has taken over operations may be lost, too', async () => {
    const lossy = new Lossy({ onLostShare: 'resplit', silentAfterLossMs: 0 }).kill(1, 2000).kill(5, 5500);
    await lossy.play.toTheEnd();
    assert.equal(lossy.play.ended, 'completed');
    assert.equal(new Set(lossy.indexes).size, lossy.indexes.length);
    assert.equal(lossy.losses.length, 2);
    const missing = lossy.losses.reduce((sum, loss) => sum + (loss.missing ?? 0), 0);
    assert.deepEqual(lossy.counted, [1000, missing]);
  });

  it('resplit: no more shares take over than there are instances', async () => {
    const lossy = new Lossy({ onLostShare: 'resplit' }, 6).kill(3, 2000);
    await lossy.play.toTheEnd();
    assert.equal(lossy.play.ended, 'completed');
    assert.equal(lossy.play.closes.length, 5, 'one more share, since share 3 has one instance');
    assert.equal(new Set(lossy.indexes).size, lossy.indexes.length);
    assert.equal(lossy.counted[0], 1000);
  });

  it('continue: its operations are left out, and are counted as unfinished', async () => {
    const lossy = new Lossy({ onLostShare: 'continue' }).kill(2, 4000);
    await lossy.play.toTheEnd();
    assert.equal(lossy.play.ended, 'completed');
    assert.equal(lossy.play.closes.length, 4);
    assert.deepEqual(
      lossy.shots.filter(({ index, shotAt }) => index % 4 === 2 && shotAt > 4000),
      [],
    );
    assert.equal(lossy.indexes.filter((index) => index % 4 !== 2).length, 750);
    const [count, unfinished] = lossy.counted;
    const [loss] = lossy.losses;
    assert.deepEqual([count, unfinished, loss?.takenFrom], [1000, loss?.missing, null]);
    assert.ok(
      lossy.play.events.some(({ type }) => type === 'pool-finished'),
      'the pool finishes',
    );
  });

  it('resplit after a command: the operations are left out, because the plan has changed', async () => {
    const lossy = new Lossy({ onLostShare: 'resplit', control: () => of(command.scaleBy(2)) }).kill(1, 2000);
    await lossy.play.toTheEnd();
    assert.deepEqual(
      lossy.losses.map(({ missing, takenFrom }) => [missing, takenFrom]),
      [[null, null]],
    );
    assert.match(
      String(lossy.play.log.lines.find(({ level }) => level === 'warn')?.message),
      /a command has changed the plan/,
    );
  });

  it('fail is the default: the run ends, and the others report', async () => {
    const lossy = new Lossy().kill(1, 2000);
    await lossy.play.toTheEnd();
    assert.deepEqual([lossy.play.error.code, lossy.play.error.thread], ['ELPIS_SHARE', 1]);
    assert.deepEqual(lossy.losses, []);
  });

  it('a run whose shares are all lost fails', async () => {
    const lossy = new Lossy({ onLostShare: 'continue' });
    for (const share of [0, 1, 2, 3]) lossy.kill(share, 2000 + share);
    await lossy.play.toTheEnd();
    assert.equal(lossy.play.error.code, 'ELPIS_SHARE');
    assert.equal(lossy.losses.length, 3);
  });
});
