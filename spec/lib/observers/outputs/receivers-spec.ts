import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { Subject } from 'rxjs';
import { influx, otlp, prometheusRemoteWrite, statsd, webhook } from '../../../../lib/builtins/components.js';
import type { RunEvent, RunObserver } from '../../../../lib/engine/runEvent.js';
import { FakeLog, FakeRunHandle, fakeDeps, VirtualClock } from '../../../../lib/testing/index.js';
import { someRun } from './someRun.js';
import { until } from './turns.js';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** The outputs over HTTP. The name of what waits, and how many of it wait at most. */
const OUTPUTS: readonly (readonly [
  name: string,
  make: (url: string, clock: VirtualClock, log: FakeLog) => RunObserver,
  unit: string,
])[] = [
  ['influx', (url, scheduler, log) => influx({ url }, fakeDeps({ scheduler, log })), 'windows'],
  ['otlp', (url, scheduler, log) => otlp({ url }, fakeDeps({ scheduler, log })), 'metrics'],
  [
    'prometheus-remote-write',
    (url, scheduler, log) => prometheusRemoteWrite({ url }, fakeDeps({ scheduler, log })),
    'metrics',
  ],
  ['webhook', (url, scheduler, log) => webhook({ url }, fakeDeps({ scheduler, log })), 'calls'],
];

describe('an output over HTTP', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function receiver(respond: Respond): Promise<string> {
    const server = createServer(respond).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  }

  /** Runs an output over the events of a run of 3 s, in virtual time. */
  function observed(make: (url: string, clock: VirtualClock, log: FakeLog) => RunObserver, url: string) {
    const clock = new VirtualClock(0);
    const log = new FakeLog();
    const events = new Subject<RunEvent>();
    let over = false;
    const subscription = make(
      url,
      clock,
      log,
    )(events, new FakeRunHandle()).subscribe({
      complete: () => (over = true),
    });
    for (const event of someRun(3)) events.next(event);
    return { clock, log, events, subscription, over: () => over };
  }

  for (const [name, make, unit] of OUTPUTS) {
    describe(name, () => {
      it('gives a receiver that never responds 2 s, closes the connection, and ends 3.5 s after the run', async () => {
        let open = 0;
        const url = await receiver((request) => {
          open++;
          request.socket.once('close', () => open--);
          request.resume();
        });
        const { clock, log, events, over } = observed(make, url);
        await until('the request', () => open === 1);
        clock.advance(1999);
        assert.equal(log.lines.length, 0);
        clock.advance(1);
        await until('the end of the connection', () => open === 0);
        assert.match(log.lines[0]?.message ?? '', /no response within 2 s/);
        events.complete();
        await until('the next request', () => open === 1);
        clock.advance(3500);
        assert.equal(over(), true);
        await until('the end of the last connection', () => open === 0);
        assert.match(log.lines.at(-1)?.message ?? '', new RegExp(`\\d of \\d ${unit} were not sent: no response`));
      });

      it('closes the connection of a receiver that sends a byte now and then', async () => {
        let open = 0;
        const url = await receiver((request, response) => {
          open++;
          const drip = (): void => {
            if (!response.destroyed) response.write('.', () => setImmediate(drip));
          };
          drip();
          request.socket.once('close', () => open--);
          request.resume();
        });
        const { clock, log } = observed(make, url);
        await until('the request', () => open === 1);
        clock.advance(2000);
        await until('the end of the connection', () => open === 0);
        assert.match(log.lines[0]?.message ?? '', /no response within 2 s/);
      });

      it('closes its connection when it is unsubscribed from', async () => {
        let open = 0;
        const url = await receiver((request) => {
          open++;
          request.socket.once('close', () => open--);
          request.resume();
        });
        const { subscription } = observed(make, url);
        await until('the request', () => open === 1);
        subscription.unsubscribe();
        await until('the end of the connection', () => open === 0);
      });

      it('does not follow a redirect', async () => {
        let elsewhere = 0;
        const other = await receiver((_, response) => {
          elsewhere++;
          response.end();
        });
        const url = await receiver((request, response) => {
          request.resume();
          response.writeHead(307, { Location: other }).end();
        });
        const { log } = observed(make, url);
        await until('the warning', () => log.lines.length > 0);
        assert.match(log.lines[0]?.message ?? '', /307|Temporary Redirect/);
        assert.equal(elsewhere, 0);
      });

      it('hides user and password of its address in messages', async () => {
        const url = await receiver((request, response) => {
          request.resume();
          response.writeHead(401).end();
        });
        const { log } = observed(make, url.replace('http://', 'http://ann:s3cret@'));
        await until('the warning', () => log.lines.length > 0);
        assert.doesNotMatch(JSON.stringify(log.lines), /s3cret/);
      });
    });
  }

  it('influx keeps the newest 600 windows, and sends at most 60 in one request', async () => {
    const sizes: number[] = [];
    let open = false;
    const moments = new Set<string>();
    const url = await receiver((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        if (!open) return response.writeHead(503).end();
        const times = new Set(
          text
            .trim()
            .split('\n')
            .map((line) => line.split(' ').at(-1) as string),
        );
        sizes.push(times.size);
        for (const time of times) moments.add(time);
        return response.end();
      });
    });
    const clock = new VirtualClock(0);
    const log = new FakeLog();
    const events = new Subject<RunEvent>();
    influx({ url }, fakeDeps({ scheduler: clock, log }))(events, new FakeRunHandle()).subscribe();
    const all = someRun(700).filter(({ type }) => type === 'window');
    events.next(all[0] as RunEvent);
    await until('the first failure', () => log.lines.length > 0);
    for (const event of all.slice(1)) events.next(event);
    open = true;
    clock.advance(500);
    await until('all requests', () => moments.size === 600);
    assert.deepEqual(sizes, Array(10).fill(60));
    assert.ok(moments.has(String((1_000_000 + 700_000) * 1000).concat('000')), 'the newest is kept');
    assert.ok(!moments.has(String((1_000_000 + 100_000) * 1000).concat('000')), 'the oldest is dropped');
    events.complete();
    await until('the number at the end', () => /100 of 700 windows/.test(log.lines.at(-1)?.message ?? ''));
  });

  for (const [name, make] of OUTPUTS.filter(([, , unit]) => unit === 'metrics'))
    it(`${name} keeps only the newest metrics`, async () => {
      let requests = 0;
      let open = false;
      const url = await receiver((request, response) => {
        request.resume();
        requests++;
        if (open) response.end();
      });
      const clock = new VirtualClock(0);
      const log = new FakeLog();
      const events = new Subject<RunEvent>();
      make(url, clock, log)(events, new FakeRunHandle()).subscribe();
      const all = someRun(60);
      events.next(all[0] as RunEvent);
      for (const event of all.slice(1, -1)) events.next(event);
      await until('a request', () => requests === 1);
      clock.advance(2000);
      await until('the warning', () => log.lines.length > 0);
      open = true;
      events.next(all.at(-1) as RunEvent);
      events.complete();
      await until('the last request', () => /metrics were not sent/.test(log.lines.at(-1)?.message ?? ''));
      assert.equal(requests, 2);
      // Of 13 moments, the last one is sent.
      assert.match(log.lines.at(-1)?.message ?? '', /12 of 13 metrics were not sent/);
    });

  it('statsd keeps the newest 60 windows while a datagram cannot be sent', async () => {
    const clock = new VirtualClock(0);
    const log = new FakeLog();
    const events = new Subject<RunEvent>();
    let over = false;
    // The system refuses to send to this address.
    const output = statsd({ target: '255.255.255.255:8125' }, fakeDeps({ scheduler: clock, log }));
    output(events, new FakeRunHandle()).subscribe({ complete: () => (over = true) });
    const all = someRun(100).filter(({ type }) => type === 'window');
    for (const event of all) events.next(event);
    await until('the failure', () => log.lines.length > 0);
    assert.match(
      log.lines[0]?.message ?? '',
      /^statsd at 255\.255\.255\.255:8125: .*; up to 60 are kept and sent later$/,
    );
    events.complete();
    clock.advance(3500);
    assert.equal(over, true);
    assert.match(log.lines.at(-1)?.message ?? '', /100 of 100 windows were not sent/);
  });

  it('webhook keeps the newest 100 calls', async () => {
    const bodies: { readonly event: string }[] = [];
    let open = false;
    const url = await receiver((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += String(chunk)));
      request.on('end', () => {
        if (open) bodies.push(JSON.parse(text));
        response.writeHead(open ? 200 : 503).end();
      });
    });
    const clock = new VirtualClock(0);
    const log = new FakeLog();
    const events = new Subject<RunEvent>();
    webhook({ url }, fakeDeps({ scheduler: clock, log }))(events, new FakeRunHandle()).subscribe();
    const [started, ...rest] = someRun(0) as [RunEvent, ...RunEvent[]];
    events.next(started);
    await until('the first failure', () => log.lines.length > 0);
    const states = Array.from({ length: 150 }, (_, i) => ({
      ...{ condition: `p99 < ${i}ms`, otherwise: 'fail' as const, status: 'fails' as const, violated: true },
      ...{ value: 2, limit: 1, unit: 'ms' as const, margin: -1 },
    }));
    events.next({ type: 'thresholds', at: 7, states });
    for (const event of rest) events.next(event);
    open = true;
    events.complete();
    await until('the number at the end', () => /52 of 152 calls/.test(log.lines.at(-1)?.message ?? ''));
    assert.equal(bodies.length, 100);
    assert.equal(bodies.at(-1)?.event, 'end');
  });
});
