import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Playback } from '../../../lib/engine/runHandle.js';
import { PlaybackHandle } from '../../../lib/record/file/playback.js';
import { command } from '../../../operators/ticks/command.js';

function opened(speed = 10) {
  const handle = new PlaybackHandle(speed);
  const states: Playback[] = [];
  let stops = 0;
  handle.playback.subscribe((state) => states.push(state));
  handle.stopped.subscribe(() => stops++);
  return { handle, states, stops: () => stops };
}

describe('the handle of a recorded run', () => {
  it('emits the speed at once, and after each command', () => {
    const { handle, states } = opened();
    for (const each of [command.pause(), command.scaleBy(2), command.resume()]) handle.command(each);
    assert.deepEqual(states, [
      { speed: 10, paused: false },
      { speed: 10, paused: true },
      { speed: 20, paused: true },
      { speed: 20, paused: false },
    ]);
  });

  it('has a slowest and a fastest speed, also after many commands', () => {
    const { handle, states } = opened();
    for (let i = 0; i < 30; i++) handle.command(command.scaleBy(4));
    assert.equal(states.at(-1)?.speed, 10_000);
    for (let i = 0; i < 60; i++) handle.command(command.scaleBy(0.25));
    assert.equal(states.at(-1)?.speed, 0.1);
  });

  it('ends the playing by a stop, by each way to ask for it', () => {
    const { handle, stops } = opened();
    handle.stop();
    handle.command(command.stop());
    assert.equal(stops(), 2);
  });

  it('refuses a rate, a remark and an invalid command', () => {
    const { handle, states } = opened();
    assert.throws(() => handle.command(command.setRate(5)), /the rate of a recorded run cannot be changed/);
    assert.throws(() => handle.annotate(), /takes no remark/);
    assert.throws(() => handle.command({ type: 'scale', factor: -1 }));
    assert.equal(states.length, 1);
  });
});
