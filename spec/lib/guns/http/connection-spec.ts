import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAPTURE_NOTHING } from '../../../../lib/guns/http/capture.js';
import { Connection } from '../../../../lib/guns/http/connection.js';
import { ConnectLimiter } from '../../../../lib/guns/http/dial/connectLimiter.js';
import { encodeRequest } from '../../../../lib/guns/http/request.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { request } from '../gunBench.js';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const REQUEST = encodeRequest(request(), { host: 'localhost', disableKeepAlives: false, acceptGzip: false });

/** A connection that has sent a request over a wire that still has bytes to send, as TLS says for a turn after the write. */
function sent(pending = true) {
  const clock = new VirtualClock(1000);
  const wire = { pending, destroyed: 0, write: () => undefined, destroy: () => wire.destroyed++ };
  const told: string[] = [];
  const tell = (what: string) => (): void => {
    told.push(what);
  };
  const listener = {
    opened: tell('opened'),
    written: tell('written'),
    firstBytes: tell('first bytes'),
    answered: tell('answered'),
    complete: (reusable: boolean) => told.push(reusable ? 'complete' : 'complete, to be closed'),
    failed: (error: unknown) => told.push(`failed: ${String(error)}`),
  };
  const connection = new Connection(
    { host: 'a', port: 1, ssl: true, remember: false },
    {
      scheduler: clock,
      connect: () => wire,
      limiter: new ConnectLimiter(clock),
      ...{ headerTimeout: 0, idleTimeout: 0, continueTimeout: 0, timed: false, capture: CAPTURE_NOTHING },
    },
    listener,
    tell('lost'),
  );
  connection.opened();
  told.length = 0;
  connection.send(REQUEST, listener);
  return { clock, wire, told, connection, receive: (bytes = ANSWER) => connection.received(bytes, bytes.length) };
}

describe('a connection whose answer comes before the news that the request is written', () => {
  it('is reusable at once when nothing waits to be sent', () => {
    const { told, receive } = sent(false);
    receive();
    assert.deepEqual(told, ['complete']);
  });

  it('waits one turn for the news, and is reusable when it has come', () => {
    const { clock, wire, told, receive } = sent();
    receive();
    assert.deepEqual(told, []);
    wire.pending = false;
    clock.run();
    assert.deepEqual([told, clock.now()], [['complete'], 1000]);
  });

  it('waits no longer than that: what is not written after a turn is not going to be', () => {
    const { clock, told, receive } = sent();
    receive();
    clock.run();
    assert.deepEqual([told, clock.now()], [['complete, to be closed'], 1000]);
  });

  it('is not reusable when more bytes come while it waits, and does not count them', () => {
    const { clock, wire, told, connection, receive } = sent();
    receive();
    receive(Buffer.from('HTTP/1.1 200 OK\r\n'));
    assert.deepEqual([told, connection.bytesIn], [['complete, to be closed'], ANSWER.length]);
    wire.pending = false;
    clock.run();
    assert.deepEqual(told, ['complete, to be closed']);
  });

  it('is complete, but not reusable, when the server closes while it waits', () => {
    const { clock, told, connection, receive } = sent();
    receive();
    connection.finished();
    clock.run();
    assert.deepEqual(told, ['complete, to be closed']);
  });

  it('is complete, but not reusable, when the connection breaks while it waits', () => {
    const { clock, told, connection, receive } = sent();
    receive();
    connection.failed(new Error('reset'));
    clock.run();
    assert.deepEqual(told, ['complete, to be closed']);
  });

  it('says nothing more when it is destroyed while it waits', () => {
    const { clock, wire, told, connection, receive } = sent();
    receive();
    connection.destroy();
    clock.run();
    assert.deepEqual([told, wire.destroyed], [[], 1]);
  });
});
