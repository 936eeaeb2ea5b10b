import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, type Subscription } from 'rxjs';
import type { NetSample } from '../../../../../lib/protocols/netSample.js';
import type { Scenario } from '../../../../../lib/scenario/scenario.js';
import { scenarioGuns } from '../../../../../lib/scenario/scenarioGun.js';
import { type ScriptedTransport, scriptedTransport } from '../../../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../../../lib/time/virtualClock.js';
import { compiled, fileOf, type ShortFile } from './playFile.js';

interface Playing {
  readonly clock: VirtualClock;
  /** What was scheduled, in order. */
  readonly timers: readonly { readonly ms: number; readonly timer: Subscription }[];
  readonly samples: NetSample[];
  readonly transport: ScriptedTransport;
  readonly shot: Subscription;
  completed: boolean;
  error: unknown;
}

/** Starts a file whose request `/never` gets no response. */
function start(file: ShortFile, scenarioTimeoutMs = 0): Playing {
  const clock = new VirtualClock();
  const timers: { readonly ms: number; readonly timer: Subscription }[] = [];
  const schedule = clock.schedule.bind(clock);
  clock.schedule = (work, delay = 0, state) => {
    const timer = schedule(work, delay, state);
    timers.push({ ms: delay, timer });
    return timer;
  };
  const transport = scriptedTransport({ '* /never': '--', '* /*': '--r' }).on(clock);
  const [scenario] = compiled(fileOf(file)).scenarios({ random: () => 0 }) as readonly [Scenario];
  const gun = scenarioGuns({
    transports: transport,
    scenarioTimeoutMs,
    deps: { scheduler: clock, random: seededRandom(1), share: { index: 0, of: 1 } },
  }).create({ instance: 0 });
  const ammo = { protocol: 'scenario', id: 1, tag: 's', scenario } as const;
  const shot = { index: 0, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
  const playing = {
    clock,
    timers,
    samples: [] as NetSample[],
    transport,
    completed: false,
    error: undefined as unknown,
  };
  const subscription = from(gun.shoot(ammo, shot)).subscribe({
    next: (sample) => playing.samples.push(sample),
    error: (error: unknown) => {
      playing.error = error;
    },
    complete: () => {
      playing.completed = true;
    },
  });
  return Object.assign(playing, { shot: subscription });
}

const rows = ({ samples }: Playing): string[] =>
  samples.map(({ tag, netCode, protoCode, errorName }) => `${tag} ${netCode} ${protoCode} ${errorName}`.trim());

describe('a scenario of a file that is stopped', () => {
  it('at its time limit aborts the request under way, and records it', () => {
    const playing = start({ requests: [{ name: 'a' }, { name: 'never' }] }, 100);
    playing.clock.run(1000);
    assert.deepEqual(rows(playing), ['s.a 0 200', 's.never|__EMPTY__ 999 0 aborted', 's 110 0 timed out after 100ms']);
    assert.equal(playing.transport.aborted, 1);
    assert.ok(playing.completed);
  });

  it('at its time limit ends a sleep', () => {
    const playing = start({ requests: [{ name: 'a' }], runs: [{ step: 'a', count: 2, sleepMs: 60_000 }] }, 100);
    playing.clock.run(100);
    assert.deepEqual(rows(playing), ['s.a 0 200', 's 110 0 timed out after 100ms']);
    playing.clock.run(120_000);
    assert.equal(playing.samples.length, 2, 'nothing comes after the end');
    assert.equal(playing.transport.requests.length, 1);
  });

  it('by its consumer aborts the request, and emits nothing more', () => {
    const playing = start({ requests: [{ name: 'never' }] });
    playing.clock.run(10);
    playing.shot.unsubscribe();
    assert.equal(playing.transport.aborted, 1);
    assert.deepEqual(rows(playing), []);
  });

  it('by its consumer in a sleep sends nothing more', () => {
    const playing = start({ requests: [{ name: 'a' }], runs: [{ step: 'a', count: 2, sleepMs: 50 }] });
    playing.clock.run(10);
    playing.shot.unsubscribe();
    playing.clock.run(1000);
    assert.equal(playing.transport.requests.length, 1);
    assert.ok(!playing.completed);
  });

  it('ends the timer of its sleep', () => {
    const playing = start({ requests: [{ name: 'a' }], runs: [{ step: 'a', count: 2, sleepMs: 60_000 }] }, 100);
    playing.clock.run(100);
    assert.ok(playing.completed);
    assert.equal(playing.timers.find(({ ms }) => ms === 60_000)?.timer.closed, true);
  });
});

describe('a scenario of a file that sends nothing', () => {
  it('fails in the next turn, so that a closed loop of it returns to the event loop', () => {
    const playing = start({ requests: [{ name: 'a', body: '{{' }] });
    assert.deepEqual(rows(playing), []);
    playing.clock.run(0);
    assert.deepEqual(rows(playing), [
      's.a|__EMPTY__ 999 0 template: template-syntax',
      's 999 0 template: template-syntax',
    ]);
  });

  it('ends in the next turn when it has no steps', () => {
    const playing = start({ requests: [] });
    assert.ok(!playing.completed);
    playing.clock.run(0);
    assert.ok(playing.completed);
  });
});
