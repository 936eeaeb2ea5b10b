import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { PROTOCOL_VERSION } from '../../../lib/shares/protocol.js';
import { SinkHub } from '../../../lib/shares/sinkHub.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type PlayOptions, SharedPlay } from './play.js';

/** A run of 200 s in two shares. Share 1 joins, is ready, and then sends what the spec says. */
function played(
  onStart: (send: (message: { type: 'alive' }) => void, clock: VirtualClock) => void,
  run: PlayOptions['run'] = {},
) {
  return new SharedPlay({
    of: 2,
    run,
    config: (_index, clock) => ({
      pools: [
        {
          id: 'p',
          gun: new FakeGunFactory({ scheduler: clock, latencyMs: 50 }),
          ammo: { type: 'uri', uris: ['/ a'] },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 1, duration: '200s' },
          startup: { type: 'once', times: 2 },
        },
      ],
    }),
    instead: (index, link, clock) => {
      if (index === 0) return false;
      link.messages.subscribe(({ type }) => {
        if (type === 'task') {
          link.send({ type: 'joined', version: PROTOCOL_VERSION });
          link.send({ type: 'ready', pool: 'p', missing: [] });
        }
        if (type === 'start') onStart((message) => link.send(message), clock);
      });
      return true;
    },
  });
}

const warnings = ({ log }: SharedPlay) => log.lines.filter(({ level }) => level === 'warn').map((line) => line.message);

describe('a running share that sends nothing', () => {
  it('is reported after 10 s and given up after 60 s; the others finish and report', async () => {
    const play = played(() => undefined);
    await play.play(9_500);
    assert.deepEqual(warnings(play), []);
    await play.play(2_000);
    assert.deepEqual(warnings(play), [
      'share 1 of 2 has sent nothing for 10 s while it was running: its event loop is blocked',
    ]);
    await play.play(48_000);
    assert.equal(play.ended, undefined);
    await play.toTheEnd();
    assert.deepEqual([play.error.code, play.error.thread], ['ELPIS_SHARE', 1]);
    assert.equal(
      play.error.message,
      'share 1 of 2 has sent nothing for 60 s while it was running, and is given up; not finished: "p"',
    );
    assert.match(String(play.error.hint), /endless loop/);
    assert.ok(play.clock.now() < 1_000_000 + 61_000);
    assert.deepEqual(
      play.closes.map(({ coordinator }) => coordinator),
      [1, 1],
    );
    assert.ok(play.events.some(({ type }) => type === 'window'));
  });

  it('is given up after lostAfterMs', async () => {
    const play = await played(() => undefined, { lostAfterMs: 5000 }).toTheEnd();
    assert.match(play.error.message, /has sent nothing for 5 s/);
  });

  it('except that it is alive is not given up', async () => {
    const play = played((send, clock) => {
      for (let s = 1; s <= 100; s++) clock.schedule(() => send({ type: 'alive' }), s * 1000);
    });
    await play.play(100_000);
    assert.deepEqual([play.ended, warnings(play)], [undefined, []]);
    play.unsubscribe();
  });

  it('because it waits for operations that are due much later reports that it is alive', async () => {
    const play = new SharedPlay({
      of: 2,
      config: (_index, clock) => ({
        pools: [
          {
            id: 'p',
            gun: new FakeGunFactory({ scheduler: clock, latencyMs: 50 }),
            ammo: { type: 'uri', uris: ['/ a'] },
            result: { type: 'discard' },
            rps: { type: 'const', ops: 0.01, duration: '300s' },
            startup: { type: 'once', times: 2 },
          },
        ],
      }),
      run: { progressEveryMs: 1_000_000 },
    });
    await play.toTheEnd();
    assert.deepEqual([play.ended, warnings(play)], ['completed', []]);
  });
});

describe('a sink of the coordinator that does not close', () => {
  it('is destroyed after 5 s, and the bytes that it has not written are an error', async () => {
    const clock = new VirtualClock(0);
    const stream = new Writable({ write: () => undefined });
    const hub = new SinkHub(2, () => ({ name: 'a pipe', open: () => stream }), clock);
    const acks: unknown[] = [];
    hub.serve(0, { type: 'sink-open', id: 0, name: 'file', config: {} }, (id, failure) => acks.push([id, failure]));
    hub.serve(0, { type: 'sink-write', id: 0, chunk: new Uint8Array(7) }, () => acks.push('never'));
    const closed = hub.close();
    clock.advance(4999);
    assert.equal(stream.destroyed, false);
    clock.advance(1);
    const failures = await closed;
    assert.equal(stream.destroyed, true);
    assert.deepEqual(acks, [[0, undefined]]);
    assert.deepEqual(
      failures.map(({ code, message }) => [code, message]),
      [['ELPIS_SINK', 'a pipe was not written within 5 s: 7 bytes are lost']],
    );
  });
});
