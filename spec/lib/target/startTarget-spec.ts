import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isElpisError } from '../../../lib/core/errors.js';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { rawExchange } from './rawExchange.js';

let target: Target;
const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${target.url}${path}`, init);
const closing = (method: string, path: string, body = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
/** Runs the event loop until `holds` returns true. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

before(async () => {
  target = await startTarget({ arrivals: 3 });
});
after(() => target.close());
beforeEach(() => ask('/reset-stats', { method: 'POST' }));

describe('the routes of the target', () => {
  const rows: [path: string, status: number, body: string | RegExp | number, sentence: string][] = [
    ['/', 200, 'ok\n', 'the root responds at once'],
    ['/?any=query', 200, 'ok\n', 'a query changes nothing'],
    ['/bytes/0', 200, 0, 'an empty body'],
    ['/bytes/5', 200, 5, 'a short body'],
    ['/bytes/200000', 200, 200_000, 'a body longer than one piece'],
    ['/chunked/0', 200, 0, 'an empty chunked body'],
    ['/chunked/5000', 200, 5_000, 'a body in five chunks'],
    ['/delay/1', 200, 'ok\n', 'a delay ends'],
    ['/jitter/0/2', 200, 'ok\n', 'a random delay ends'],
    ['/slow/5/10', 200, 10, 'a dripping body arrives whole'],
    ['/slow/40/1', 200, 1, 'fewer bytes than pieces'],
    ['/status/204', 204, '', 'a status without a body'],
    ['/status/503', 503, '503\n', 'a failing status'],
    ['/fail/0', 200, 'ok\n', 'nothing fails at 0 %'],
    ['/fail/100', 500, 'failed\n', 'everything fails at 100 %'],
    ['/nowhere', 404, /there is no route \/nowhere.*\/delay\/MS/, 'an unknown route names the known ones'],
    ['/delay', 404, /did you mean \/delay\/MS\?/, 'a missing number shows the pattern'],
    ['/bytes/many', 400, /N is "many", expected a whole number from 0 to/, 'a word is no number'],
    ['/bytes/1.5', 400, /N is "1.5", expected a whole number/, 'half a byte is refused'],
    ['/status/100', 400, /CODE is "100", expected a whole number from 200 to 599/, 'an interim status is refused'],
  ];
  for (const [path, status, body, sentence] of rows) {
    it(`${path}: ${sentence}`, async () => {
      const response = await ask(path);
      const text = await response.text();
      assert.equal(response.status, status);
      if (typeof body === 'number') assert.equal(text.length, body);
      else if (typeof body === 'string') assert.equal(text, body);
      else assert.match(text, body);
    });
  }

  it('/bytes has the length in the head, /chunked does not', async () => {
    const whole = await rawExchange(target.port, closing('GET', '/bytes/2'));
    assert.match(whole.received, /^HTTP\/1\.1 200 OK\r\n.*Content-Length: 2\r\n.*\r\n\r\nel$/s);
    const chunked = await rawExchange(target.port, closing('GET', '/chunked/1026'));
    assert.match(chunked.received, /Transfer-Encoding: chunked\r\n.*\r\n\r\n400\r\n.{1024}\r\n2\r\n..\r\n0\r\n\r\n$/s);
  });

  it('/echo returns the parsed request, with unchanged bytes where it matters', async () => {
    const request =
      'PUT /echo?q=%20 HTTP/1.1\r\nHost: h\r\nX-Two: a\r\nx-two: b\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhéy';
    const { received } = await rawExchange(target.port, request);
    const seen = JSON.parse(received.slice(received.indexOf('{')));
    assert.equal(seen.method, 'PUT');
    assert.equal(seen.target, '/echo?q=%20');
    assert.equal(seen.headers['x-two'], 'a, b');
    assert.deepEqual(seen.rawHeaders.slice(2, 6), ['X-Two', 'a', 'x-two', 'b']);
    assert.equal(Buffer.from(seen.body, 'latin1').length, 4);
  });

  it('/echo refuses a body over 1 MiB', async () => {
    const response = await ask('/echo', { method: 'POST', body: 'x'.repeat(2 ** 20 + 1) });
    assert.equal(response.status, 413);
  });

  it('/close ends with FIN and /reset with RST, both without a byte', async () => {
    assert.deepEqual(await rawExchange(target.port, closing('POST', '/close', 'body')), {
      received: '',
      ended: 'closed',
    });
    assert.deepEqual(await rawExchange(target.port, closing('GET', '/reset')), { received: '', ended: 'reset' });
  });

  it('accepts the absolute form of a request target', async () => {
    const { received } = await rawExchange(target.port, closing('GET', 'http://elsewhere:81/status/418?x=1'));
    assert.match(received, /^HTTP\/1\.1 418 /);
  });
});

describe('the statistics of the target', () => {
  it('count paths, statuses, methods and connections, but not the requests for the statistics', async () => {
    for (const path of ['/', '/?a=1', '/status/503']) await (await ask(path)).text();
    await (await ask('/', { method: 'POST', body: 'b' })).text();
    const stats = (await (await ask('/stats')).json()) as ReturnType<Target['stats']>;
    assert.equal(stats.total, 4);
    assert.deepEqual(stats.paths, { '/': 3, '/status/503': 1 });
    assert.deepEqual(stats.statuses, { 200: 3, 503: 1 });
    assert.deepEqual(stats.methods, { GET: 3, POST: 1 });
    assert.equal(stats.inFlight, 0);
    assert.equal(stats.aborted, 0);
    assert.ok(stats.connections.open >= 1);
    assert.equal(stats.arrivals, undefined);
    const { firstArrival, lastArrival, perSecond } = stats;
    assert.ok(firstArrival !== null && lastArrival !== null && firstArrival <= lastArrival);
    assert.equal(
      Object.values(perSecond).reduce((sum, count) => sum + count, 0),
      4,
    );
    assert.ok(perSecond[Math.floor(firstArrival / 1000)] !== undefined);
  });

  it('keep the latest arrival times and drop older ones', async () => {
    for (let i = 0; i < 5; i++) await (await ask('/')).text();
    const stats = (await (await ask('/stats?arrivals=1')).json()) as ReturnType<Target['stats']>;
    const arrivals = stats.arrivals ?? [];
    assert.equal(arrivals.length, 3);
    assert.deepEqual(
      arrivals,
      arrivals.toSorted((a, b) => a - b),
    );
    assert.equal(arrivals[2], stats.lastArrival);
  });

  it('count a hanging request as in flight, and then as aborted', async () => {
    const socket = connect({ host: '127.0.0.1', port: target.port });
    socket.write(closing('GET', '/hang'));
    await until(() => target.stats().inFlight === 1);
    socket.destroy();
    await until(() => target.stats().inFlight === 0);
    assert.equal(target.stats().aborted, 1);
    assert.deepEqual(target.stats().statuses, {});
  });

  it('are reset by POST only', async () => {
    await (await ask('/')).text();
    assert.equal((await ask('/reset-stats')).status, 405);
    assert.equal(target.stats().total, 1);
    assert.equal((await ask('/reset-stats', { method: 'POST' })).status, 204);
    assert.equal(target.stats().total, 0);
    assert.equal(target.stats().firstArrival, null);
  });

  it('stay bounded when every request has a path of its own', async () => {
    for (let i = 0; i < 1_003; i++) await (await ask(`/bytes/${i}`)).text();
    const { paths } = target.stats();
    assert.equal(Object.keys(paths).length, 1_001);
    assert.equal(paths['(other)'], 3);
  });
});

describe('the target as a proxy', () => {
  const asking = 'CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n';

  it('opens tunnels that lead to itself, and counts them by host; a tunnel is one connection', async () => {
    const socket = connect({ host: '127.0.0.1', port: target.port });
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
    });
    socket.write(asking);
    await until(() => received.endsWith('\r\n\r\n'));
    assert.match(received, /^HTTP\/1\.1 200 Connection established\r\n\r\n$/);
    socket.write(closing('GET', '/bytes/3'));
    await once(socket, 'end');
    const { total, tunnels, connections } = target.stats();
    assert.deepEqual([total, tunnels, connections.opened], [1, { 'shop.test:443': 1 }, 1]);
  });

  it('serves a request that came with CONNECT in one piece', async () => {
    const { received } = await rawExchange(target.port, asking + closing('GET', '/bytes/3'));
    assert.match(received, /^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK\r\n.*elp$/s);
  });

  it('closes its tunnels with itself', async () => {
    const doomed = await startTarget();
    const socket = connect({ host: '127.0.0.1', port: doomed.port });
    socket.write(asking);
    await until(() => doomed.stats().tunnels['shop.test:443'] === 1);
    socket.resume().on('error', () => undefined);
    await Promise.all([doomed.close(), once(socket, 'close')]);
  });
});

describe('starting and stopping a target', () => {
  it('the same seed gives the same failures', async () => {
    const outcome = async (seed: number): Promise<string> => {
      const seeded = await startTarget({ seed });
      let statuses = '';
      for (let i = 0; i < 40; i++) {
        const response = await fetch(`${seeded.url}/fail/50`);
        await response.text();
        statuses += response.status === 500 ? 'x' : '.';
      }
      await seeded.close();
      return statuses;
    };
    const [first, again, other] = await Promise.all([outcome(7), outcome(7), outcome(8)]);
    assert.equal(first, again);
    assert.notEqual(first, other);
    const failed = first.replaceAll('.', '').length;
    assert.ok(failed > 8 && failed < 32, `about half of ${first}`);
  });

  it('delays run on the scheduler that is passed in', async () => {
    const clock = new VirtualClock(1_000);
    const virtual = await startTarget({ scheduler: clock });
    const response = fetch(`${virtual.url}/delay/60000`);
    await until(() => virtual.stats().total === 1);
    clock.advance(60_000);
    assert.equal((await response).status, 200);
    assert.equal(virtual.stats().firstArrival, 1_000);
    await virtual.close();
  });

  it('a port in use is an error that names the address', async () => {
    await assert.rejects(startTarget({ port: target.port }), (error) => {
      assert.ok(isElpisError(error, 'ELPIS_LISTEN'));
      assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${target.port}`));
      assert.match(error.hint ?? '', /another port/);
      return true;
    });
  });

  it('close drops connections and timers, and can be called twice', async () => {
    const doomed = await startTarget();
    const socket = connect({ host: '127.0.0.1', port: doomed.port });
    socket.write(closing('GET', '/delay/3600000'));
    await until(() => doomed.stats().inFlight === 1);
    socket.resume().on('error', () => undefined);
    const gone = once(socket, 'close');
    await Promise.all([doomed.close(), doomed.close(), gone]);
    assert.equal(doomed.stats().aborted, 1);
  });
});
