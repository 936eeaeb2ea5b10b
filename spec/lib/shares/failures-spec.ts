import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEVER, of, Subject, throwError, timer } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { ElpisError } from '../../../lib/core/errors.js';
import { packError } from '../../../lib/core/packedError.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import { memoryLinks } from '../../../lib/shares/link.js';
import { playShare } from '../../../lib/shares/playShare.js';
import { type FromShare, PROTOCOL_VERSION, type ToShare } from '../../../lib/shares/protocol.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { FakeGunFactory, type FakeGunFactoryOptions } from '../../../lib/testing/fakeGuns.js';
import type { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type PlayOptions, SharedPlay } from './play.js';

const COUNTERS = { logsDropped: 0, progressReplaced: 0, longestSinkWaitMs: 0 };

/** A run of 2 s at 100 per second, and the guns of its shares. */
class Setup {
  readonly guns: FakeGunFactory[] = [];

  constructor(
    private readonly gunOptions: (
      index: number,
      clock: VirtualClock,
    ) => Partial<FakeGunFactoryOptions<unknown>> = () => ({}),
  ) {}

  readonly config = (index: number, clock: VirtualClock): unknown => {
    const guns = new FakeGunFactory({ scheduler: clock, latencyMs: 50, ...this.gunOptions(index, clock) });
    this.guns[index] = guns;
    return {
      pools: [
        {
          id: 'p',
          gun: guns,
          ammo: { type: 'uri', uris: ['/ a'] },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 100, duration: '2s' },
          startup: { type: 'once', times: 24 },
        },
      ],
    };
  };

  shots(index: number): number {
    return this.guns[index]?.shots.length ?? 0;
  }

  play(of: number, more: Partial<PlayOptions> = {}): SharedPlay {
    return new SharedPlay({ of, config: this.config, ...more });
  }

  /** Every gun is closed once, and both ends of every link are. */
  assertClosed(play: SharedPlay): void {
    for (const guns of this.guns.filter((each) => each !== undefined)) {
      assert.deepEqual(guns.closes, Array(guns.made).fill(1));
      assert.equal(guns.closed, 1, 'the factory');
    }
    assert.deepEqual(
      play.closes.map(({ coordinator }) => coordinator),
      play.closes.map(() => 1),
      'the ends of the coordinator',
    );
  }
}

/** The summary of the only pool that has events. */
function summaryOf(play: SharedPlay) {
  const summaries = new Summaries(
    [...new Set(play.events.map(({ pool }) => pool))].map((id) => ({ id, rpsPerInstance: false })),
  );
  for (const event of play.events) summaries.add(event);
  return summaries.all[0];
}

describe('a share that dies', () => {
  it('before it has joined: the run fails, says so, and shoots nothing', async () => {
    const setup = new Setup();
    const play = await setup.play(3, { cutAt: (index, { type }) => index === 1 && type === 'joined' }).toTheEnd();
    assert.equal(play.error.code, 'ELPIS_SHARE');
    assert.equal(play.error.thread, 1);
    assert.equal(
      play.error.message,
      'share 1 of 3 closed its link before it had joined, without its last message; not ready: "p"',
    );
    assert.deepEqual([setup.shots(0), setup.shots(2)], [0, 0]);
    setup.assertClosed(play);
  });

  it('before it is ready: the others do not start', async () => {
    const setup = new Setup((index) => (index === 1 ? { warmUp: () => NEVER } : {}));
    const play = setup.play(2, { messageMs: 1 });
    await play.play(100);
    play.shareEnds[1]?.close();
    await play.toTheEnd();
    assert.match(play.error.message, /^share 1 of 2 closed its link while it was preparing, .*; not ready: "p"$/);
    assert.deepEqual([setup.shots(0), setup.shots(1)], [0, 0]);
    setup.assertClosed(play);
  });

  it('while it waits for the start: the others do not start', async () => {
    const setup = new Setup((index, clock) => (index === 0 ? { warmUp: () => timer(500, clock) } : {}));
    const play = setup.play(2);
    await play.play(100);
    play.shareEnds[1]?.close();
    await play.toTheEnd();
    assert.match(play.error.message, /^share 1 of 2 closed its link while it waited for the start/);
    assert.ok(!play.orders.some(({ message }) => message.type === 'start'), 'no start');
    assert.equal(setup.shots(0), 0);
    setup.assertClosed(play);
  });

  it('while it runs: the others finish what is under way and report, and the error says what is missing', async () => {
    const setup = new Setup();
    const play = setup.play(3);
    await play.play(1000);
    assert.equal(play.ended, undefined);
    play.shareEnds[1]?.close();
    await play.toTheEnd();
    assert.equal(play.error.code, 'ELPIS_SHARE');
    assert.equal(
      play.error.message,
      'share 1 of 3 closed its link while it was running, without its last message; not finished: "p"',
    );
    assert.ok(play.clock.now() < 1_000_000 + 1500, 'the others do not play to the end');
    const shots = setup.shots(0) + setup.shots(2);
    assert.ok(shots > 50 && shots < 80, String(shots));
    assert.equal(summaryOf(play)?.total.ended, shots, 'what the others recorded is reported');
    setup.assertClosed(play);
  });

  it('after its pools, before its last message: a failure, not a success', async () => {
    const setup = new Setup();
    const cutAt = (index: number, { type }: FromShare): boolean => index === 1 && type === 'finished';
    const play = await setup.play(2, { cutAt }).toTheEnd();
    assert.equal(setup.shots(0) + setup.shots(1), 200);
    assert.equal(play.error.message, 'share 1 of 2 closed its link while it was running, without its last message');
  });

  it('by an error of its link: the cause is kept', async () => {
    const setup = new Setup();
    // A link in memory breaks when nothing is read: here the share does not read.
    const play = await setup.play(2, { instead: (index) => index === 1, run: { drain: floods() } }).toTheEnd();
    assert.match(play.error.message, /^share 1 of 2 ended before it had joined, .*: a link in memory is full: 4096/);
    assert.ok(play.error.cause instanceof ElpisError);
    setup.assertClosed(play);
  });

  it('that says it has finished without one of its pools is a failure', async () => {
    const setup = new Setup();
    const play = setup.play(2, {
      instead: (index, link) => {
        if (index === 0) return false;
        const words: FromShare[] = [
          { type: 'joined', version: PROTOCOL_VERSION },
          { type: 'ready', pool: 'p', missing: [] },
        ];
        link.messages.subscribe(({ type }) => {
          if (type === 'task') for (const word of words) link.send(word);
          if (type === 'start') link.send({ type: 'finished', counters: COUNTERS });
        });
        return true;
      },
    });
    await play.toTheEnd();
    assert.equal(play.error.message, 'share 1 of 2 finished without all of its pools; missing: "p"');
    setup.assertClosed(play);
  });

  it('all of them: each is named', async () => {
    const play = await new Setup().play(3, { cutAt: (_index, { type }) => type === 'joined' }).toTheEnd();
    assert.deepEqual(
      [play.error, ...(play.error.also ?? [])].map(({ thread }) => thread),
      [0, 1, 2],
    );
  });
});

const floods = () => of(...Array.from({ length: 4096 }, () => 1000));

describe('a share that is late', () => {
  it('is given up at the deadline, with the reason of each, and the others end', async () => {
    const setup = new Setup((index) => (index === 2 ? { warmUp: () => NEVER } : {}));
    const play = setup.play(4, { instead: (index) => index === 1, run: { readyWithinMs: 30_000 } });
    await play.play(29_990);
    assert.equal(play.ended, undefined);
    await play.toTheEnd();
    assert.ok(play.clock.now() < 1_000_000 + 30_500);
    assert.deepEqual(
      [play.error, ...(play.error.also ?? [])].map(({ code, thread, message }) => [code, thread, message]),
      [
        ['ELPIS_SHARE', 1, 'share 1 of 4 is not ready after 30 s: it has not joined'],
        ['ELPIS_SHARE', 2, 'share 2 of 4 is not ready after 30 s: it has not warmed up; pools: "p"'],
      ],
    );
    assert.deepEqual(
      [0, 3].map((index) => setup.shots(index)),
      [0, 0],
    );
    setup.assertClosed(play);
  });

  it('but ready before the deadline holds the others back, and all start at one time', async () => {
    const setup = new Setup((index, clock) => (index === 1 ? { warmUp: () => timer(20_000, clock) } : {}));
    const play = await setup.play(2, { run: { readyWithinMs: 21_000 } }).toTheEnd();
    assert.equal(play.ended, 'completed');
    assert.equal(setup.shots(0) + setup.shots(1), 200);
    assert.equal(Math.min(...setup.guns.flatMap(({ shots }) => shots.map(({ intended }) => intended))), 1_020_020);
  });

  it('for its start plays by the common time, and says so', async () => {
    const setup = new Setup();
    const play = await setup.play(2, { messageMs: 30 }).toTheEnd();
    assert.equal(play.ended, 'completed');
    assert.deepEqual(
      play.log.lines
        .filter(({ message }) => /start arrived 10\.0 ms after/.test(message))
        .map(({ fields }) => fields.thread),
      [0, 1],
    );
    const start = play.orders.flatMap(({ message }) => (message.type === 'start' ? [message.at] : []))[0];
    assert.equal(Math.min(...setup.guns.flatMap(({ shots }) => shots.map(({ intended }) => intended))), start);
  });
});

describe('a share that fails', () => {
  it('keeps code, fields, place and cause of its error; the others are drained', async () => {
    const setup = new Setup((index) =>
      index === 1
        ? {
            onShoot: (_ammo, shot) => {
              if (shot.index < 101) return;
              throw new ElpisError('ELPIS_SHOT', 'useless', { hint: 'stop', cause: new TypeError('inner') });
            },
          }
        : {},
    );
    const play = await setup.play(2).toTheEnd();
    const { code, pool, thread, hint, component, cause, message } = play.error;
    assert.deepEqual(
      [code, pool, thread, hint, component],
      ['ELPIS_SHOT', 'p', 1, 'stop', { kind: 'gun', name: 'own' }],
    );
    assert.equal(message, 'pool "p": useless');
    assert.deepEqual([(cause as Error).name, (cause as Error).message], ['TypeError', 'inner']);
    assert.ok(setup.shots(0) < 60, 'drained');
    const total = summaryOf(play)?.total;
    assert.equal(Number(total?.ended) + Number(total?.unfinished), setup.shots(0) + setup.shots(1));
    assert.equal(total?.unfinished, 3, 'what was under way and what failed is recorded');
    setup.assertClosed(play);
  });

  it('to read its config ends the run before the first shot', async () => {
    const setup = new Setup();
    const unread = new ElpisError('ELPIS_CONFIG_READ', 'no such file', { hint: 'look' });
    const play = await setup
      .play(2, { shareOptions: (index) => (index === 1 ? { load: () => throwError(() => unread) } : {}) })
      .toTheEnd();
    assert.deepEqual([play.error.code, play.error.thread, play.error.hint], ['ELPIS_CONFIG_READ', 1, 'look']);
    assert.equal(setup.shots(0), 0);
    setup.assertClosed(play);
  });

  it('outside any call finishes what is under way, and the run fails with it', async () => {
    const setup = new Setup();
    const outside = new Subject<ElpisError>();
    const play = setup.play(2, { shareOptions: (index) => (index === 1 ? { uncaught: outside } : {}) });
    await play.play(1000);
    outside.next(new ElpisError('ELPIS_UNCAUGHT', 'a promise'));
    await play.toTheEnd();
    assert.deepEqual([play.error.code, play.error.thread, play.error.also], ['ELPIS_UNCAUGHT', 1, undefined]);
    assert.equal(summaryOf(play)?.total.ended, setup.shots(0) + setup.shots(1));
    setup.assertClosed(play);
  });

  it('of another version is refused, by the coordinator and by the share', async () => {
    const setup = new Setup();
    const play = await setup
      .play(2, {
        instead: (index, link) => {
          if (index === 1)
            link.messages.subscribe(({ type }) => type === 'task' && link.send({ type: 'joined', version: 99 }));
          return index === 1;
        },
      })
      .toTheEnd();
    assert.equal(play.error.message, `share 1 of 2 has version 99 of the protocol, not ${PROTOCOL_VERSION}`);
    setup.assertClosed(play);
  });

  it('because its coordinator has another version says so, and plays nothing', () => {
    const [here, there] = memoryLinks<FromShare, ToShare>();
    const said: FromShare[] = [];
    here.messages.subscribe((message) => said.push(message));
    const { scheduler, stdin, stdout, stderr } = fakeDeps();
    const load = (): never => assert.fail('nothing is loaded');
    playShare(there, { deps: { scheduler, stdin, stdout, stderr }, registry: builtins(), load }).subscribe();
    const task = { origin: { value: null }, share: { index: 0, of: 1 }, seed: 1, controlled: false, credit: 1 };
    here.send({ type: 'task', version: 99, task });
    assert.deepEqual(
      said.map((message) => (message.type === 'failed' ? message.error.message : message.type)),
      [`the coordinator has version 99 of the protocol, this share has version ${PROTOCOL_VERSION}`],
    );
  });

  it('after its last message says nothing more', async () => {
    const setup = new Setup();
    const error = packError(new ElpisError('ELPIS_GUN', 'first'));
    const play = await setup
      .play(2, {
        instead: (index, link) => {
          if (index === 0) return false;
          link.send({ type: 'failed', error, counters: COUNTERS });
          link.send({ type: 'failed', error: { ...error, message: 'second' }, counters: COUNTERS });
          return true;
        },
      })
      .toTheEnd();
    assert.deepEqual([play.error.message, play.error.also], ['first', undefined]);
    setup.assertClosed(play);
  });
});

describe('the end of shares', () => {
  it('by a drain: every share finishes what is under way, and the run completes', async () => {
    const setup = new Setup();
    const drain = new Subject<number>();
    const play = setup.play(3, { run: { drain } });
    await play.play(1000);
    drain.next(1000);
    await play.toTheEnd();
    assert.equal(play.ended, 'completed');
    const shots = [0, 1, 2].map((index) => setup.shots(index));
    assert.ok(
      shots.every((count) => count > 25 && count < 40),
      String(shots),
    );
    assert.equal(
      summaryOf(play)?.total.ended,
      shots.reduce((sum, count) => sum + count, 0),
    );
    assert.ok(play.clock.now() < 1_000_000 + 1200);
    setup.assertClosed(play);
    assert.deepEqual(play.closes, Array(3).fill({ coordinator: 1, share: 1 }));
  });

  it('by a drain before the start: nothing is shot, and the run completes', async () => {
    const setup = new Setup((index) => (index === 1 ? { warmUp: () => NEVER } : {}));
    const drain = new Subject<number>();
    const play = setup.play(2, { run: { drain } });
    await play.play(100);
    drain.next(1000);
    await play.toTheEnd();
    assert.equal(play.ended, 'completed');
    assert.deepEqual([setup.shots(0), setup.shots(1)], [0, 0]);
    setup.assertClosed(play);
  });

  it('by a drain that fails: the run fails with it', async () => {
    const play = await new Setup().play(2, { run: { drain: throwError(() => new Error('broken')) } }).toTheEnd();
    assert.deepEqual([play.error.code, play.error.message], ['ELPIS_CONTROL', 'the drain failed: broken']);
  });

  for (const [when, ms] of [
    ['before the start', 5],
    ['while it runs', 1000],
  ] as const) {
    it(`by unsubscribing ${when}: every link, gun and timer is closed once`, async () => {
      const setup = new Setup((_index, clock) => ({ warmUp: () => timer(10, clock) }));
      const play = setup.play(3);
      await play.play(ms);
      play.unsubscribe();
      setup.assertClosed(play);
      assert.deepEqual(play.played, [0, 1, 2], 'the shares have ended');
      assert.deepEqual(play.closes, Array(3).fill({ coordinator: 1, share: 1 }));
      const shots = setup.guns.map(({ shots: each }) => each.length);
      await play.play(2000);
      assert.deepEqual(
        setup.guns.map(({ shots: each }) => each.length),
        shots,
        'no more shots',
      );
      assert.equal(play.ended, undefined);
    });
  }
});
