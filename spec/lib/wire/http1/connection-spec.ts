import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DeadlineQueue } from '../../../../lib/time/deadlineQueue.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { ConnectLimiter } from '../../../../lib/wire/dial/connectLimiter.js';
import { CAPTURE_NOTHING } from '../../../../lib/wire/http1/capture.js';
import { Connection } from '../../../../lib/wire/http1/connection.js';
import { encodeRequest } from '../../../../lib/wire/http1/request.js';
import { WireCounters } from '../../../../lib/wire/http1/wireCounters.js';
import { request } from '../../guns/gunBench.js';

const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const REQUEST = encodeRequest(request(), { host: 'localhost', disableKeepAlives: false, acceptGzip: false });

const ignore = (): void => undefined;
const IGNORING = {
  ...{ opened: ignore, written: ignore, firstBytes: ignore, responded: ignore, complete: ignore, failed: ignore },
};

/** A connection that has sent a request over a socket with bytes to send, as with TLS for a turn after the write. */
function sent(pending = true, unused?: (clock: VirtualClock) => DeadlineQueue) {
  const clock = new VirtualClock(1000);
  const wire = { pending, destroyed: 0, write: () => undefined, destroy: () => wire.destroyed++ };
  const events: string[] = [];
  const emit = (what: string) => (): void => {
    events.push(what);
  };
  const listener = {
    opened: emit('opened'),
    written: emit('written'),
    firstBytes: emit('first bytes'),
    responded: emit('responded'),
    complete: (reusable: boolean) => events.push(reusable ? 'complete' : 'complete, to be closed'),
    failed: (error: unknown) => events.push(`failed: ${String(error)}`),
  };
  const connection = new Connection(
    { host: 'a', port: 1, ssl: true, remember: false },
    {
      scheduler: clock,
      connect: () => wire,
      limiter: new ConnectLimiter(clock),
      ...{
        headerTimeout: 0,
        bodyIdleTimeout: 0,
        counters: new WireCounters(),
        unused: unused?.(clock),
        continueTimeout: 0,
        timed: false,
        capture: CAPTURE_NOTHING,
      },
    },
    listener,
    emit('lost'),
  );
  connection.opened();
  events.length = 0;
  connection.send(REQUEST, listener);
  return { clock, wire, events, connection, receive: (bytes = RESPONSE) => connection.received(bytes, bytes.length) };
}

describe('a connection whose response arrives before the event that the request is written', () => {
  it('is reusable at once when nothing waits to be sent', () => {
    const { events, receive } = sent(false);
    receive();
    assert.deepEqual(events, ['complete']);
  });

  it('waits one turn for the event, and is reusable when it has arrived', () => {
    const { clock, wire, events, receive } = sent();
    receive();
    assert.deepEqual(events, []);
    wire.pending = false;
    clock.run();
    assert.deepEqual([events, clock.now()], [['complete'], 1000]);
  });

  it('waits one turn only: with unwritten bytes it is then complete, but not reusable', () => {
    const { clock, events, receive } = sent();
    receive();
    clock.run();
    assert.deepEqual([events, clock.now()], [['complete, to be closed'], 1000]);
  });

  it('is not reusable when more bytes arrive while it waits, and does not count them', () => {
    const { clock, wire, events, connection, receive } = sent();
    receive();
    receive(Buffer.from('HTTP/1.1 200 OK\r\n'));
    assert.deepEqual([events, connection.bytesIn], [['complete, to be closed'], RESPONSE.length]);
    wire.pending = false;
    clock.run();
    assert.deepEqual(events, ['complete, to be closed']);
  });

  it('is complete, but not reusable, when the server closes while it waits', () => {
    const { clock, events, connection, receive } = sent();
    receive();
    connection.finished();
    clock.run();
    assert.deepEqual(events, ['complete, to be closed']);
  });

  it('is complete, but not reusable, when the connection breaks while it waits', () => {
    const { clock, events, connection, receive } = sent();
    receive();
    connection.failed(new Error('reset'));
    clock.run();
    assert.deepEqual(events, ['complete, to be closed']);
  });

  it('calls no listener when it is destroyed while it waits', () => {
    const { clock, wire, events, connection, receive } = sent();
    receive();
    connection.destroy();
    clock.run();
    assert.deepEqual([events, wire.destroyed], [[], 1]);
  });
});

describe('a connection that is unused', () => {
  const limited = () => sent(false, (clock) => new DeadlineQueue(clock, 100));

  it('is closed and lost at the limit, which counts from the last response', () => {
    const { clock, wire, events, connection, receive } = limited();
    clock.run(1050);
    receive();
    connection.rest(clock.now());
    clock.run(1149);
    assert.equal(wire.destroyed, 0);
    clock.run(1150);
    assert.deepEqual([wire.destroyed, events], [1, ['complete', 'lost']]);
  });

  it('has no limit while it carries a request', () => {
    const { clock, wire, events, connection, receive } = limited();
    receive();
    connection.rest(clock.now());
    clock.run(1050);
    connection.send(REQUEST, { ...IGNORING, complete: () => events.push('second') });
    clock.run(5000);
    assert.equal(wire.destroyed, 0);
    receive();
    assert.deepEqual(events, ['complete', 'second']);
  });

  it('is lost once: a connection that was closed has no limit', () => {
    const { clock, wire, events, connection, receive } = limited();
    receive();
    connection.rest(clock.now());
    connection.destroy();
    clock.run(5000);
    assert.deepEqual([wire.destroyed, events], [1, ['complete']]);
  });

  it('is not kept in memory when it was closed', () => {
    const queue = new DeadlineQueue(new VirtualClock(1000), 100);
    const [first, second] = [sent(false, () => queue), sent(false, () => queue)];
    for (const { receive, connection } of [first, second]) {
      receive();
      connection.rest(1000);
    }
    assert.equal(second.connection.earlier, first.connection);
    first.connection.destroy();
    assert.equal(second.connection.earlier, undefined);
  });
});
