import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ignoreElements, tap } from 'rxjs';
import { discard, line, num, once } from '../../../lib/builtins/components.js';
import { defineConfig, pool } from '../../../lib/config/code/defineConfig.js';
import type { RunEvent, RunObserver } from '../../../lib/engine/runEvent.js';
import type { RunHandle } from '../../../lib/engine/runHandle.js';
import { type RunSettings, run } from '../../../lib/run/run.js';
import { FakeGunFactory, VirtualClock } from '../../../lib/testing/index.js';
import { command } from '../../../operators/ticks/command.js';

const START = 1_000_000;

/** One shot a second for ten seconds, each of 10 ms, in virtual time; an observer acts at its moments. */
function steered(
  acts: Readonly<Record<number, (handle: RunHandle) => void>>,
  settings: RunSettings = { steerable: true },
): Promise<{ readonly events: readonly RunEvent[]; readonly seen: readonly RunEvent[]; readonly handle: RunHandle }> {
  const clock = new VirtualClock(START);
  const config = defineConfig({
    pools: [
      pool({
        gun: new FakeGunFactory({ scheduler: clock, latencyMs: 10 }),
        ammo: num({}),
        result: discard(),
        rps: line({ from: 1, to: 1, duration: '10s' }),
        startup: once({ times: 1 }),
      }),
    ],
  });
  return new Promise((resolve, reject) => {
    const events: RunEvent[] = [];
    const seen: RunEvent[] = [];
    let given: RunHandle | undefined;
    const observer: RunObserver = (stream, handle) => {
      given = handle;
      for (const [ms, act] of Object.entries(acts)) clock.schedule(() => act(handle), Number(ms));
      return stream.pipe(
        tap((event) => seen.push(event)),
        ignoreElements(),
      );
    };
    run(config, { scheduler: clock, seed: 1, observers: [observer], ...settings }).subscribe({
      next: (event) => {
        events.push(event);
        if (event.type === 'run-started') queueMicrotask(() => clock.run(START + 60_000));
      },
      error: reject,
      complete: () => resolve({ events, seen, handle: given as RunHandle }),
    });
  });
}

const shots = (events: readonly RunEvent[]): number =>
  events.flatMap((event) => (event.type === 'run-finished' ? event.summaries : []))[0]?.total.ended ?? -1;
const lengthOf = (events: readonly RunEvent[]): number =>
  events.flatMap((event) => (event.type === 'run-finished' ? event.at - START : []))[0] ?? -1;

describe('RunHandle', () => {
  it('commands all pools: a pause delays the rest of the plan by its length', async () => {
    const { events } = await steered({
      2500: (handle) => handle.command(command.pause()),
      5500: (handle) => handle.command(command.resume()),
    });
    assert.equal(shots(events), 10);
    assert.ok(lengthOf(events) >= 12_000, String(lengthOf(events)));
  });

  it('makes each command an event of the run, for observers too', async () => {
    const { events, seen } = await steered({ 2500: (handle) => handle.command(command.setRate(2), 'pool_0') });
    const sent: RunEvent = {
      type: 'command',
      at: START + 2500,
      pool: 'pool_0',
      command: { type: 'rate', perSecond: 2 },
    };
    for (const all of [events, seen])
      assert.deepEqual(
        all.filter(({ type }) => type === 'command'),
        [sent],
      );
  });

  it('commands one pool only', async () => {
    const { events } = await steered({ 2500: (handle) => handle.command(command.stop(), 'another') });
    assert.equal(shots(events), 10);
  });

  it('refuses commands to a run that is not steerable', async () => {
    let message = '';
    const act = (handle: RunHandle): void => {
      assert.equal(handle.steerable, false);
      assert.throws(
        () => handle.command(command.pause()),
        (error: Error) => {
          message = error.message;
          return true;
        },
      );
    };
    const { events } = await steered({ 2500: act }, {});
    assert.match(message, /not steerable/);
    assert.deepEqual(
      events.filter(({ type }) => type === 'command'),
      [],
    );
  });

  it('stops softly and says why', async () => {
    const { events } = await steered({ 2500: (handle) => handle.stop(1000, 'enough') });
    assert.equal(shots(events), 3);
    assert.deepEqual(
      events.filter(({ type }) => type === 'annotation'),
      [{ type: 'annotation', at: START + 2500, text: 'enough' }],
    );
  });

  it('does nothing after the end of the run', async () => {
    const { events, handle } = await steered({});
    const before = events.length;
    handle.annotate('too late');
    handle.command(command.pause());
    handle.stop(0, 'too late');
    assert.equal(events.length, before);
    assert.equal(events.at(-1)?.type, 'run-finished');
  });
});
