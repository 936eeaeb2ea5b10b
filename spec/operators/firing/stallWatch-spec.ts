import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, interval, map, NEVER, type Observable, of, timer } from 'rxjs';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type ShootOptions, shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

/** Ten shots, one per second; the warnings and their times. */
function warnings(
  gun: (ammo: string, clock: VirtualClock) => Observable<string>,
  options: (clock: VirtualClock) => Partial<ShootOptions<string, string>> = () => ({}),
  until?: number,
) {
  const clock = new VirtualClock();
  const log = new FakeLog();
  const at: number[] = [];
  const warn = log.warn;
  log.warn = (message, fields) => {
    at.push(clock.now());
    warn(message, fields);
  };
  ticks(constPlan({ ops: 1, duration: 10e9 }), { scheduler: clock })
    .pipe(
      zipAmmo('abcdefghij'),
      shoot(
        { create: () => ({ shoot: (ammo) => gun(ammo, clock) }) },
        { scheduler: clock, log, gun: 'mine', ...options(clock) },
      ),
    )
    .subscribe();
  clock.run(until);
  return { at, lines: log.lines, clock };
}

describe('shoot with a log', () => {
  it('warns of a gun that never completes, ten times with growing pauses, and then sets no timer', () => {
    const { at, lines } = warnings(() => concat(of('1', '2', '3'), NEVER));
    assert.deepEqual(
      at,
      [60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720].map((s) => s * 1000),
    );
    assert.deepEqual(lines[0], {
      level: 'warn',
      message:
        '1 shot made no progress for 30 s: gun "mine" of instance 0 emitted 3 samples and did not complete; its shot has been under way for 60 s',
      fields: { instance: 0, samples: 3, startedAt: 0, ageMs: 60_000, shots: 1 },
    });
  });

  it('names the shot that has been under way the longest when there are no further shots', () => {
    const { lines, at } = warnings(
      (ammo) => (ammo === 'c' || ammo === 'e' ? NEVER : of(ammo)),
      () => ({ instances: 5 }),
      70_000,
    );
    assert.deepEqual(at, [60_000]);
    assert.match(String(lines[0]?.message), /^2 shots made no progress.*instance 1 emitted no sample.*for 58 s$/);
  });

  it('does not warn while shots end, while samples arrive, and while an instance is free for further shots', () => {
    const slow = warnings((ammo, clock) => timer(29_000, clock).pipe(map(() => ammo)), undefined, 200_000);
    assert.deepEqual(slow.at, []);
    const chatty = warnings((_, clock) => interval(20_000, clock).pipe(map(String)), undefined, 200_000);
    assert.deepEqual(chatty.at, []);
  });

  it('warns of shots that did not end within the limit of a drain, but not of a limit of 0', () => {
    const drained = (limit: number) =>
      warnings(
        () => concat(of('1'), NEVER),
        (clock) => ({ drain: timer(1500, clock).pipe(map(() => limit)) }),
        10_000,
      ).lines;
    assert.equal(
      drained(5000)[0]?.message,
      '1 shot did not end within 5 s of the drain: gun "mine" of instance 0 emitted 1 sample and did not complete; its shot has been under way for 6.5 s',
    );
    assert.deepEqual(drained(0), []);
  });

  it('leaves no timer behind when all has ended', () => {
    const { clock, at } = warnings((ammo) => of(ammo));
    assert.deepEqual([clock.now() <= 10_000, at], [true, []]);
  });
});
