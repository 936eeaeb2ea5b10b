import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { ConnectLimiter } from '../../../../lib/wire/dial/connectLimiter.js';
import { CAPTURE_NOTHING } from '../../../../lib/wire/http1/capture.js';
import { Connection } from '../../../../lib/wire/http1/connection.js';
import { encodeRequest } from '../../../../lib/wire/http1/request.js';
import { WireCounters } from '../../../../lib/wire/http1/wireCounters.js';
import { request } from '../../guns/gunBench.js';

const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const REQUEST = encodeRequest(request(), { host: 'localhost', disableKeepAlives: false, acceptGzip: false });

/** A connection that has sent a request over a wire that still has bytes to send, as TLS says for a turn after the write. */
function sent(pending = true) {
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
        idleTimeout: 0,
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

  it('waits one turn for the news, and is reusable when it has come', () => {
    const { clock, wire, events, receive } = sent();
    receive();
    assert.deepEqual(events, []);
    wire.pending = false;
    clock.run();
    assert.deepEqual([events, clock.now()], [['complete'], 1000]);
  });

  it('waits no longer than that: what is not written after a turn is not going to be', () => {
    const { clock, events, receive } = sent();
    receive();
    clock.run();
    assert.deepEqual([events, clock.now()], [['complete, to be closed'], 1000]);
  });

  it('is not reusable when more bytes come while it waits, and does not count them', () => {
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

  it('says nothing more when it is destroyed while it waits', () => {
    const { clock, wire, events, connection, receive } = sent();
    receive();
    connection.destroy();
    clock.run();
    assert.deepEqual([events, wire.destroyed], [[], 1]);
  });
});
