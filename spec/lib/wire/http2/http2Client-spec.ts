import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goaway, headers, response, settings } from './peer.js';
import { GET, type Recorder, WiredClient } from './wiredClient.js';

const REFUSED = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const ends = (recorders: readonly Recorder[]): (string | undefined)[] => recorders.map(({ heard }) => heard.at(-1));

describe('a client of HTTP/2', () => {
  it('opens one connection for all that wait for it, and sends in order of their requests when it is open', () => {
    const wired = new WiredClient();
    for (const _ of [1, 2, 3]) wired.send();
    assert.equal(wired.wires.length, 1);
    wired.wire.events.opened();
    wired.turn();
    assert.deepEqual(
      wired.wire.sent().slice(2),
      [1, 3, 5].map((id) => `HEADERS ${id} END_STREAM GET /`),
    );
  });

  it('assumes 100 streams before the settings of the server are known, then does what they say', () => {
    const wired = new WiredClient({ connections: 1 });
    const recorders = Array.from({ length: 150 }, () => wired.send());
    wired.wire.events.opened();
    const sent = (): number => recorders.filter(({ stream }) => stream !== undefined).length;
    assert.equal(sent(), 100);
    wired.wire.receive(settings({ 3: 120 }));
    assert.equal(sent(), 120);
    wired.wire.receive(settings({ 3: 10 }), response(1));
    assert.equal(sent(), 120, 'the streams in flight end first');
    wired.wire.receive(settings({ 3: 130 }));
    assert.equal(sent(), 131);
  });

  it('opens more connections when the streams are taken, up to the limit, and then waits, the first first', () => {
    const wired = new WiredClient({ connections: 2, streams: 1 });
    const recorders = Array.from({ length: 5 }, () => wired.send());
    assert.equal(wired.wires.length, 2);
    for (const wire of wired.wires) wire.events.opened();
    for (const wire of wired.wires) wire.receive(settings());
    wired.wires[1]?.receive(response(1));
    wired.wires[0]?.receive(response(1));
    wired.wires[1]?.receive(response(3));
    assert.deepEqual(ends(recorders), ['complete', 'complete', 'complete', undefined, undefined]);
    assert.deepEqual(
      recorders.map(({ stream }) => stream !== undefined),
      [true, true, true, true, true],
    );
  });

  it('gives free streams in the order of the requests, without those that have ended their wait', () => {
    const wired = new WiredClient({ connections: 1, streams: 2 });
    const began: number[] = [];
    const recorders = Array.from({ length: 7 }, () => wired.send());
    wired.open();
    recorders[3]?.leave();
    recorders[6]?.leave();
    recorders[0]?.leave();
    for (const id of [1, 3, 5, 7, 9]) {
      wired.wire.receive(response(id));
      for (const [i, { stream }] of recorders.entries()) if (stream !== undefined && !began.includes(i)) began.push(i);
    }
    assert.deepEqual(began, [0, 1, 2, 4, 5]);
    assert.deepEqual(
      ends(recorders).map((end) => end === 'complete'),
      [true, true, true, false, true, true, false],
    );
  });

  it('fails those that waited for a connection that cannot be opened, not one that begins to wait because of it', () => {
    const wired = new WiredClient({ connections: 1 });
    const recorders = Array.from({ length: 3 }, () => wired.send());
    const again: Recorder[] = [];
    const [first = assert.fail(), second] = recorders;
    first.onEvent = () => {
      again.push(wired.send());
      second?.leave();
    };
    wired.wire.events.failed(REFUSED);
    assert.deepEqual(
      recorders.map(({ heard }) => heard.length),
      [1, 0, 1],
    );
    wired.turn();
    assert.deepEqual(
      again.map(({ heard }) => heard),
      [[]],
    );
  });

  it('takes no stream when the server takes none, and one when it does', () => {
    const wired = new WiredClient({ connections: 1 });
    wired.send();
    wired.open({ 3: 0 });
    wired.wire.receive(response(1));
    const waits = wired.send();
    assert.equal(waits.stream, undefined);
    wired.wire.receive(settings({ 3: 1 }));
    assert.notEqual(waits.stream, undefined);
  });

  it('fails those that wait when a connection cannot be opened: as many as it would have carried', () => {
    const wired = new WiredClient({ connections: 2, streams: 2 });
    const recorders = Array.from({ length: 5 }, () => wired.send());
    wired.wires[0]?.events.failed(REFUSED);
    assert.deepEqual(ends(recorders), [
      'unavailable: Error: refused',
      'unavailable: Error: refused',
      undefined,
      undefined,
      undefined,
    ]);
    assert.equal(wired.wires.length, 3, 'another connection is opened for the others');
  });

  it('waits before it connects again when three connections have failed in a row', () => {
    const wired = new WiredClient();
    for (let failed = 1; failed <= 3; failed++) {
      wired.send();
      assert.equal(wired.wires.length, failed);
      wired.wire.events.failed(REFUSED);
    }
    const last = wired.send();
    assert.equal(wired.wires.length, 3);
    wired.clock.advance(10);
    assert.equal(wired.wires.length, 4);
    wired.open();
    wired.wire.receive(response(1));
    assert.equal(last.heard.at(-1), 'complete');
  });

  it('forgets a taker that leaves, and opens nothing for it after the wait', () => {
    const wired = new WiredClient();
    const origin = { host: 'a', port: 1, ssl: false, remember: false };
    const taker = { acquired: () => assert.fail('it has left'), unavailable: () => assert.fail('it has left') };
    wired.client.acquire(origin, taker);
    wired.client.leave(origin, taker);
    wired.client.leave(origin, taker);
    wired.wire.events.opened();
    wired.wire.events.failed(REFUSED);
    assert.equal(wired.wires.length, 1);
  });

  it('has one connection per request when each is used once', () => {
    const wired = new WiredClient({ oneShot: true });
    const recorders = [wired.send(), wired.send()];
    assert.equal(wired.wires.length, 2);
    for (const wire of wired.wires) {
      wire.events.opened();
      wire.receive(settings(), response(1));
      assert.equal(wire.destroyed, true);
    }
    assert.deepEqual(ends(recorders), ['complete', 'complete']);
  });

  it('closes a connection that is idle for too long, with GOAWAY, and not one that is used', () => {
    const { wired, wire } = WiredClient.sent({ idleTimeout: 100 });
    wired.clock.advance(1_000);
    assert.equal(wire.destroyed, false);
    wire.receive(response(1));
    wired.clock.advance(99);
    wired.send();
    wired.clock.advance(500);
    assert.equal(wire.destroyed, false);
    wire.receive(response(3));
    wire.sent();
    wired.clock.advance(100);
    assert.deepEqual([wire.destroyed, wire.sent()], [true, ['GOAWAY 0 0']]);
    wired.send();
    assert.equal(wired.wires.length, 2);
  });

  it('uses no connection that was retired, and one that was found silent only when it is not', () => {
    const { wired, wire, recorder } = WiredClient.sent();
    const { connection, stream } = recorder;
    assert.equal(stream !== undefined && connection?.silentSince(stream), false, 'the settings have arrived since');
    const second = wired.send();
    assert.equal(second.stream !== undefined && second.connection?.silentSince(second.stream), true);
    connection?.retire();
    wired.send();
    assert.equal(wired.wires.length, 2);
    wire.receive(response(1), response(3));
    assert.equal(wire.destroyed, true);
  });

  it('closes all connections, and those that wait receive nothing', () => {
    const wired = new WiredClient({ connections: 1, streams: 1 });
    const recorders = [wired.send(), wired.send()];
    wired.open();
    wired.client.close();
    assert.deepEqual(ends(recorders), ['failed: closed early', undefined]);
    assert.equal(wired.wire.destroyed, true);
    wired.wire.events.finished();
    wired.send();
    assert.equal(wired.wires.length, 1);
  });

  it('opens a new connection when the ids of one are used up', () => {
    const { wired, wire } = WiredClient.sent();
    wire.receive(goaway(1));
    assert.equal(wired.send().stream, undefined);
    assert.equal(wired.wires.length, 2);
  });
});

describe('heads that were decoded before', () => {
  const head = { ':status': '200', 'content-type': 'a/b', 'x-a': 'c' };

  it('are the same objects again, on every connection, and trailers are not mistaken for heads', () => {
    const wired = new WiredClient({ streams: 1 });
    const heads: unknown[] = [];
    for (const _ of [1, 2]) {
      const recorder = wired.send();
      recorder.responded = (received) => heads.push(received);
      recorder.trailers = (received) => heads.push(received);
      wired.open();
      wired.wire.receive(headers(1, head), headers(1, { 'x-a': 'c' }, 1));
      wired.wire.receive(goaway(1));
    }
    assert.equal(heads[0], heads[2]);
    assert.equal(heads[1], heads[3]);
    assert.notEqual(heads[0], heads[1]);
    const recorder = wired.send(GET);
    wired.open();
    wired.wire.receive(headers(1, { 'x-a': 'c' }));
    assert.deepEqual(recorder.heard, ['failed: http2: protocol error'], 'the block of the trailers is no head');
  });
});
