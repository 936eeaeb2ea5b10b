import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NET_FAILURE } from '../../../../lib/protocols/netFailure.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import type { HttpSocket, HttpSocketEvents } from '../../../../lib/wire/dial/connector.js';
import type { Origin } from '../../../../lib/wire/dial/origin.js';
import { tunnelConnector } from '../../../../lib/wire/dial/tunnelConnector.js';
import { ExchangeError } from '../../../../lib/wire/exchangeError.js';

const PROXY: Origin = { host: 'proxy.test', port: 3128, ssl: false, remember: false };
const OK = 'HTTP/1.1 200 OK\r\n\r\n';

/** A tunnel over a connection that is played by hand. */
class Played {
  readonly clock = new VirtualClock(0);
  /** What the user of the tunnel and the proxy get, in order. */
  readonly log: string[] = [];
  /** The connection to the proxy. */
  proxy!: HttpSocketEvents;
  readonly tunnel: HttpSocket;

  constructor(origin: Partial<Origin> = {}, headers: readonly (readonly [string, string])[] = [], timeout = 1000) {
    const connect = tunnelConnector({
      scheduler: this.clock,
      proxy: PROXY,
      timeout,
      headers,
      dial: ({ host, port }, events) => {
        this.log.push(`dial ${host}:${port}`);
        this.proxy = events;
        return {
          pending: false,
          write: (bytes) => this.log.push(`> ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`),
          startTls: (to) => this.log.push(`TLS with ${to.host}`),
          destroy: () => this.log.push('destroy'),
        };
      },
    });
    this.tunnel = connect(
      { host: 'shop.test', port: 80, ssl: false, remember: false, ...origin },
      {
        opened: (protocol) => this.log.push(`opened ${protocol ?? ''}`.trim()),
        received: (bytes, length) => this.log.push(`< ${Buffer.from(bytes).toString('latin1', 0, length)}`),
        finished: () => this.log.push('finished'),
        failed: (error) => {
          const { failure } = error as Partial<ExchangeError>;
          this.log.push(`failed ${failure?.errorName ?? String((error as { code?: string }).code)}: ${error.message}`);
        },
      },
    );
  }

  send(text: string): this {
    const bytes = Buffer.from(text, 'latin1');
    this.proxy.received(bytes, bytes.length);
    return this;
  }

  /** The log since the last call. */
  get news(): string[] {
    return this.log.splice(0);
  }
}

describe('tunnelConnector', () => {
  it('connects to the proxy, sends CONNECT, and is open after status 200', () => {
    const played = new Played();
    assert.deepEqual(played.news, ['dial proxy.test:3128']);
    played.proxy.opened();
    assert.deepEqual(played.news, ['> "CONNECT shop.test:80 HTTP/1.1\\r\\nHost: shop.test:80\\r\\n\\r\\n"']);
    played.send(OK);
    assert.deepEqual(played.news, ['opened']);
    played.tunnel.write(Buffer.from('ping'));
    played.send('pong').proxy.finished();
    assert.deepEqual(played.news, ['> "ping"', '< pong', 'finished']);
  });

  it('starts TLS in the tunnel when the origin asks for it, and reports the protocol of ALPN', () => {
    const played = new Played({ ssl: true, port: 443 });
    played.proxy.opened('http/1.1');
    played.send(OK);
    assert.deepEqual(played.news.slice(2), ['TLS with shop.test']);
    played.proxy.opened('h2');
    assert.deepEqual(played.news, ['opened h2']);
    played.send('x');
    assert.deepEqual(played.news, ['< x']);
  });

  it('writes an IPv6 address in brackets, and the headers of the options', () => {
    const played = new Played({ host: '::1', port: 8443 }, [['Proxy-Authorization', 'Basic x']]);
    played.proxy.opened();
    const text = 'CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\nProxy-Authorization: Basic x\r\n\r\n';
    assert.deepEqual(played.news[1], `> ${JSON.stringify(text)}`);
  });

  it('reads a head in pieces', () => {
    const played = new Played();
    played.proxy.opened();
    for (const byte of OK) played.send(byte);
    assert.deepEqual(played.news.slice(2), ['opened']);
  });

  const refused: readonly (readonly [sentence: string, text: string, failed: RegExp])[] = [
    [
      'status 407',
      'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n',
      /^failed proxy status 407: the proxy proxy.test:3128 refused a tunnel to shop.test:80 with status 407$/,
    ],
    ['status 502, before the end of the head', 'HTTP/1.1 502 Bad Gateway\r\n', /^failed proxy status 502:/],
    ['status 204, since only 200 opens a tunnel', 'HTTP/1.1 204 No Content\r\n\r\n', /^failed proxy status 204:/],
    ['status 100', 'HTTP/1.1 100 Continue\r\n\r\n', /^failed proxy status 100:/],
    ['garbage', 'nonsense\r\n', /^failed bad proxy response: .* sent no HTTP: "nonsense" is no status line/],
    ['an endless head', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`, /^failed bad proxy response: .*65536 bytes/],
    ['bytes after the head', `${OK}hello`, /^failed bad proxy response: .* sent 5 bytes after its response to CONNECT/],
  ];
  for (const [sentence, text, failed] of refused) {
    it(`fails for ${sentence}, and closes`, () => {
      const played = new Played();
      played.proxy.opened();
      played.send(text);
      const [, , closed, failure = ''] = played.news;
      assert.equal(closed, 'destroy');
      assert.match(failure, failed);
      played.clock.run();
      assert.deepEqual(played.news, [], 'nothing follows, and no timer is left');
    });
  }

  it('fails when the proxy closes before its response is complete', () => {
    for (const sent of ['', 'HTTP/1.1 200 OK\r\n']) {
      const played = new Played();
      played.proxy.opened();
      played.send(sent).proxy.finished();
      const failure = 'failed proxy closed early: the proxy proxy.test:3128 closed the connection';
      assert.deepEqual(played.news.slice(2), ['destroy', failure]);
    }
  });

  it('passes a failed connection on, and cancels its timer', () => {
    const played = new Played();
    played.proxy.failed(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    played.clock.run();
    assert.deepEqual(played.news.slice(1), ['failed ECONNREFUSED: no']);
    assert.equal(played.clock.now(), 0);
  });

  const late: readonly (readonly [sentence: string, play: (played: Played) => void, message: RegExp])[] = [
    [
      'connecting',
      () => undefined,
      /^failed ETIMEDOUT: connecting to the proxy proxy.test:3128 took longer than 1000ms$/,
    ],
    [
      'the response',
      (played) => played.proxy.opened(),
      /^failed ETIMEDOUT: the response of the proxy .* longer than 1000ms$/,
    ],
    [
      'a head that comes byte by byte',
      (played) => {
        played.proxy.opened();
        for (let i = 0; i < 9; i++) {
          played.clock.advance(100);
          played.send(OK.charAt(i));
        }
      },
      /^failed ETIMEDOUT: the response of/,
    ],
  ];
  for (const [sentence, play, message] of late) {
    it(`limits ${sentence} by one timeout from the begin`, () => {
      const played = new Played();
      play(played);
      played.clock.advance(1000 - played.clock.now() - 1);
      assert.ok(!played.news.includes('destroy'));
      played.clock.advance(1);
      const [closed, failure = ''] = played.news.slice(-2);
      assert.equal(closed, 'destroy');
      assert.match(failure, message);
    });
  }

  it('has no limit with timeout 0, and none for TLS in the tunnel, which has its own', () => {
    const unlimited = new Played({}, [], 0);
    unlimited.proxy.opened();
    unlimited.clock.advance(1e9);
    assert.equal(unlimited.log.length, 2);
    const securing = new Played({ ssl: true });
    securing.proxy.opened();
    securing.send(OK).clock.advance(1e6);
    assert.equal(securing.log.at(-1), 'TLS with shop.test');
  });

  it('can be destroyed in each phase, without further events', () => {
    for (const play of [
      () => undefined,
      (played: Played) => played.proxy.opened(),
      (played: Played) => {
        played.proxy.opened();
        played.send(OK);
      },
    ]) {
      const played = new Played();
      play(played);
      played.tunnel.destroy();
      played.clock.run();
      assert.equal(played.news.at(-1), 'destroy');
      assert.equal(played.clock.now(), 0, 'the timer is cancelled');
    }
  });

  it('reports its failures as failures of the network with net code 999', () => {
    for (const failure of [NET_FAILURE.proxyClosed, NET_FAILURE.badProxyResponse]) assert.equal(failure.netCode, 999);
    const played = new Played();
    let error: unknown;
    const failing = tunnelConnector({
      scheduler: played.clock,
      proxy: PROXY,
      timeout: 0,
      headers: [],
      dial: (_, events) => {
        played.proxy = events;
        return { pending: false, write: () => undefined, startTls: () => undefined, destroy: () => undefined };
      },
    });
    failing(PROXY, {
      opened: () => undefined,
      received: () => undefined,
      finished: () => undefined,
      failed: (e) => (error = e),
    });
    played.proxy.opened();
    played.send('HTTP/1.1 403 Forbidden\r\n\r\n');
    assert.ok(error instanceof ExchangeError);
    assert.deepEqual(error.failure, { netCode: 999, errorName: 'proxy status 403' });
  });
});
