import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from } from 'ix/asynciterable';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { PlaybackHandle } from '../../../lib/record/file/playback.js';
import { playRecord } from '../../../lib/record/file/playRecord.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { command } from '../../../operators/ticks/command.js';

const annotation = (at: number): RunEvent => ({ type: 'annotation', at, text: `${at}` });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The virtual times at which the events are emitted, and whether the stream has completed. */
async function played(events: readonly RunEvent[], speed?: number) {
  const clock = new VirtualClock(5000);
  const times: number[] = [];
  let ended = false;
  playRecord(from(events), { scheduler: clock, ...(speed === undefined ? {} : { speed }) }).subscribe({
    next: () => times.push(clock.now() - 5000),
    complete: () => {
      ended = true;
    },
  });
  for (let i = 0; i < 10 && !ended; i++) {
    await turn();
    clock.run();
  }
  return { times, ended };
}

describe('playRecord', () => {
  const events = [100, 100, 1100, 600, 3100].map(annotation);

  it('emits each event at its time after the first; a time before that of its predecessor does not count', async () => {
    assert.deepEqual(await played(events), { times: [0, 0, 1000, 1000, 3000], ended: true });
  });
  it('plays as many times as fast as it is told', async () => {
    assert.deepEqual(await played(events, 10), { times: [0, 0, 100, 100, 300], ended: true });
    assert.deepEqual(await played([]), { times: [], ended: true });
  });

  it('stands still in a pause, and applies another speed to the event that it waits for', async () => {
    const clock = new VirtualClock(5000);
    const times: number[] = [];
    const handle = new PlaybackHandle(1);
    playRecord(from([0, 1000, 2000, 3000].map(annotation)), { scheduler: clock, playback: handle.playback }).subscribe(
      () => times.push(clock.now() - 5000),
    );
    /** [the time to advance to, what to do then] */
    const steps: readonly (readonly [number, () => void])[] = [
      [400, () => handle.command(command.pause())],
      [10_400, () => handle.command(command.resume())],
      [11_000, () => handle.command(command.scaleBy(4))],
      [20_000, () => undefined],
    ];
    for (const [until, act] of steps) {
      for (let i = 0; i < 5; i++) await turn();
      clock.advance(5000 + until - clock.now());
      act();
      for (let i = 0; i < 5; i++) {
        await turn();
        clock.advance(0);
      }
    }
    assert.deepEqual(times.slice(0, 2), [0, 11_000]);
    for (let i = 0; i < 10; i++) {
      await turn();
      clock.advance(1000);
    }
    assert.equal(times.length, 4);
  });

  it('reads no further when it is unsubscribed from, and closes the file', async () => {
    const clock = new VirtualClock(0);
    let [read, closed] = [0, false];
    async function* endless(): AsyncGenerator<RunEvent> {
      try {
        for (;;) yield annotation(1000 * read++);
      } finally {
        closed = true;
      }
    }
    const subscription = playRecord(endless(), { scheduler: clock }).subscribe();
    await turn();
    subscription.unsubscribe();
    await turn();
    assert.deepEqual([read <= 2, closed], [true, true]);
  });

  it('emits the error of a damaged record after the events before it', async () => {
    async function* broken(): AsyncGenerator<RunEvent> {
      yield annotation(1);
      throw new Error('damaged');
    }
    const seen: unknown[] = [];
    playRecord(broken(), { scheduler: new VirtualClock(0) }).subscribe({
      next: (event) => seen.push(event.type),
      error: (error: Error) => seen.push(error.message),
    });
    await turn();
    assert.deepEqual(seen, ['annotation', 'damaged']);
  });
});
