import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { contentPolicy } from '../../../lib/page/document.js';
import { eventsFromWire } from '../../../lib/page/model/eventWire.js';
import { MAX_CONNECTIONS, MAX_READERS, PageServer } from '../../../lib/page/server/pageServer.js';
import { PlaybackHandle } from '../../../lib/record/file/playback.js';
import { FakeRunHandle } from '../../../lib/testing/fakeRunHandle.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { started, windowAt, windowEvent } from '../view/sampleEvents.js';

/** Refuses what the handle of a run refuses. */
class CheckedHandle extends FakeRunHandle {
  override command(wanted: Command, pool?: string): void {
    super.command(command.check(wanted), pool);
  }
}

const FILES = { script: 'const page = 1;', style: 'body { margin: 0 }' };
const open: PageServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

interface Opened {
  readonly server: PageServer;
  readonly handle: FakeRunHandle;
  readonly url: string;
  readonly origin: string;
  readonly http: () => Server;
}

async function opened(token?: string, played?: PlaybackHandle): Promise<Opened> {
  const handle = new CheckedHandle();
  const server = new PageServer({
    host: '127.0.0.1',
    port: 0,
    token,
    files: FILES,
    handle: played ?? handle,
    scheduler: realTimeScheduler,
  });
  open.push(server);
  let http: Server | undefined;
  const url = await new Promise<string>((resolve, reject) =>
    server.open((handler) => (http = createServer(handler)), resolve, reject),
  );
  return { server, handle, url, origin: new URL(url).origin, http: () => http as Server };
}

/** A reader of the live stream. `until` returns the frames up to the first one with that name. */
async function readerOf(origin: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/events`, { headers });
  assert.equal(response.status, 200, await (response.ok ? '' : response.text()));
  const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(stream !== undefined);
  let text = '';
  const until = async (name: string): Promise<readonly (readonly [string, unknown])[]> => {
    while (!text.includes(`event: ${name}\n`) || !text.endsWith('\n\n')) {
      const { done, value } = await stream.read();
      if (done) break;
      text += value;
    }
    const frames = text
      .trim()
      .split('\n\n')
      .map((frame) => /^event: (.*)\ndata: (.*)$/.exec(frame) ?? []);
    text = '';
    return frames.map(([, event = '', data = '']) => [
      event,
      event === 'events' ? eventsFromWire(data).map(({ type }) => type) : JSON.parse(data),
    ]);
  };
  return { until, cancel: () => stream.cancel(), ended: async () => (await stream.read()).done };
}

const post = (origin: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin}/steer`, {
    method: 'POST',
    body,
    headers: { origin, 'content-type': 'application/json', ...headers },
  });

const events: readonly RunEvent[] = [...started('main'), windowEvent(windowAt(0, [{ ms: 5 }]))];

describe('the server of the page', () => {
  it('serves the page with a policy that allows its own script and style by their hashes, and nothing else', async () => {
    const { origin } = await opened();
    const response = await fetch(`${origin}/`);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.ok(html.includes(`<script>${FILES.script}</script>`) && html.includes(`<style>${FILES.style}</style>`));
    assert.equal(policy, `${contentPolicy(FILES, true)}; frame-ancestors 'none'`);
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; /);
    assert.ok(!policy.includes('unsafe'));
    assert.deepEqual(
      [
        'cache-control',
        'x-content-type-options',
        'x-frame-options',
        'cross-origin-resource-policy',
        'referrer-policy',
        'access-control-allow-origin',
      ].map((name) => response.headers.get(name)),
      ['no-store', 'nosniff', 'DENY', 'same-origin', 'no-referrer', null],
    );
  });

  it('sends a late reader the run so far, and then every event', async () => {
    const { server, origin } = await opened();
    for (const event of events) server.add(event);
    const reader = await readerOf(origin);
    assert.deepEqual(await reader.until('live'), [
      ['start', { dropped: 0, steerable: true }],
      ['events', ['run-started', 'pool-started', 'window', 'total']],
      ['live', {}],
    ]);
    server.add(windowEvent(windowAt(1, [{ ms: 5 }])));
    assert.deepEqual(await reader.until('events'), [['events', ['window']]]);
    await reader.cancel();
  });

  it('tells how a recorded run is played: at the start, and when it changes', async () => {
    const handle = new PlaybackHandle(10);
    const { origin } = await opened(undefined, handle);
    const reader = await readerOf(origin);
    assert.deepEqual((await reader.until('live'))[1], ['playback', { speed: 10, paused: false }]);
    assert.equal((await post(origin, JSON.stringify({ do: 'command', command: { type: 'pause' } }))).status, 204);
    assert.deepEqual(await reader.until('playback'), [['playback', { speed: 10, paused: true }]]);
    assert.equal((await post(origin, JSON.stringify({ do: 'annotate', text: 'x' }))).status, 400);
    await reader.cancel();
  });

  it('ends the stream with the run', async () => {
    const { server, origin } = await opened();
    for (const event of events) server.add(event);
    const reader = await readerOf(origin);
    await reader.until('live');
    server.add({ type: 'run-finished', at: 2e6, summaries: [] });
    server.end();
    assert.deepEqual(await reader.until('end'), [
      ['events', ['run-finished']],
      ['end', {}],
    ]);
    assert.equal(await reader.ended(), true);
    assert.equal(server.readers, 0);
  });

  it('has a limit of readers, and a place again when one has gone', async () => {
    const { server, origin } = await opened();
    const readers = await Promise.all(Array.from({ length: MAX_READERS }, () => readerOf(origin)));
    const refused = await fetch(`${origin}/events`);
    assert.deepEqual([refused.status, await refused.text()], [503, '16 pages are open, which is the limit\n']);
    await readers[0]?.cancel();
    while (server.readers === MAX_READERS) await new Promise(setImmediate);
    await (await readerOf(origin)).cancel();
    for (const { cancel } of readers.slice(1)) await cancel();
  });

  it('closes more connections than its limit at once, and serves pages again when they have gone', async () => {
    const { origin, http } = await opened();
    const port = Number(new URL(origin).port);
    // Fewer than the system queues for a server (511): it would try the others again only after a second.
    const clients = Array.from({ length: 400 }, () => connect(port, '127.0.0.1'));
    const gone = clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.on('error', () => undefined);
          client.on('close', () => resolve());
        }),
    );
    let closed = 0;
    for (const each of gone) void each.then(() => closed++);
    for (let turns = 0; closed < clients.length - MAX_CONNECTIONS && turns < 100_000; turns++)
      await new Promise(setImmediate);
    assert.equal(closed, clients.length - MAX_CONNECTIONS);
    const connections = await new Promise<number>((resolve) => http().getConnections((_, count) => resolve(count)));
    assert.ok(connections <= MAX_CONNECTIONS, `${connections} connections`);
    for (const client of clients) client.destroy();
    await Promise.all(gone);
    while ((await fetch(origin).catch(() => undefined)) === undefined) await new Promise(setImmediate);
  });

  it('does not wait long for requests that never arrive', async () => {
    const { http } = await opened();
    assert.deepEqual([http().headersTimeout, http().requestTimeout], [10_000, 10_000]);
  });

  it('is not slowed by a reader that takes nothing: its frames are dropped, and the others receive all', async () => {
    const { server, origin, url } = await opened();
    for (const event of events) server.add(event);
    const { port } = new URL(url);
    const stuck = connect(Number(port), '127.0.0.1');
    stuck.pause();
    stuck.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    while (server.readers < 1) await new Promise(setImmediate);
    const reader = await readerOf(origin);
    await reader.until('live');
    const text = 'x'.repeat(100_000);
    let [sent, received] = [0, 0];
    for (; sent < 150; sent++) {
      server.add({ type: 'annotation', at: 1e6 + sent, text });
      received += (await reader.until('events')).length;
    }
    assert.equal(received, sent);
    assert.ok(server.dropped > 0, 'the one that takes nothing has lost frames');
    stuck.destroy();
    await reader.cancel();
  });

  it('carries out commands, and says what is wrong with others', async () => {
    const { handle, origin } = await opened();
    const answers = [
      await post(origin, JSON.stringify({ do: 'command', command: command.scaleBy(1.25) })),
      await post(origin, JSON.stringify({ do: 'command', command: { type: 'pause' }, pool: 'main' })),
      await post(origin, JSON.stringify({ do: 'annotate', text: ' <b>now</b> ' })),
      await post(origin, JSON.stringify({ do: 'stop' })),
      await post(origin, JSON.stringify({ do: 'abort' })),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204, 204, 204, 204],
    );
    assert.deepEqual(handle.commands, [
      { pool: undefined, command: { type: 'scale', factor: 1.25 } },
      { pool: 'main', command: { type: 'pause' } },
    ]);
    assert.deepEqual(handle.annotations, ['<b>now</b>']);
    assert.deepEqual(
      handle.stops.map(({ limitMs }) => limitMs),
      [30_000, 0],
    );

    /** [body, the answer] */
    const wrong: readonly [string, RegExp][] = [
      ['{', /JSON/],
      ['null', /./],
      ['{"do":"fly"}', /expected command, stop, abort or annotate/],
      ['{"do":"command"}', /expected a command/],
      ['{"do":"command","command":{"type":"rate","perSecond":-1}}', /the rate cannot be -1/],
      ['{"do":"command","command":{"type":"pause"},"pool":7}', /the id of a pool/],
      ['{"do":"annotate","text":"  "}', /1 to 500 characters/],
      [JSON.stringify({ do: 'annotate', text: 'x'.repeat(501) }), /1 to 500 characters/],
    ];
    for (const [body, expected] of wrong) {
      const response = await post(origin, body);
      assert.equal(response.status, 400, body);
      assert.match(await response.text(), expected);
    }
    assert.equal(handle.commands.length, 2);
  });

  it('reads at most the bytes of a command', async () => {
    const { handle, origin } = await opened();
    const response = await post(origin, JSON.stringify({ do: 'annotate', text: 'x'.repeat(100_000) })).catch(
      () => undefined,
    );
    assert.ok(response === undefined || response.status === 413);
    assert.deepEqual(handle.annotations, []);
  });

  it('steers nothing for another site, and shows it nothing', async () => {
    const { handle, origin } = await opened();
    const body = JSON.stringify({ do: 'abort' });
    const evil = 'http://evil.example';
    assert.equal((await post(origin, body, { origin: evil })).status, 403);
    assert.equal((await post(origin, body, { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await fetch(`${origin}/events`, { headers: { origin: evil } })).status, 403);
    const { port } = new URL(origin);
    for (const path of ['/', '/events', '/steer'])
      assert.equal(await statusFor(Number(port), path, `evil.example:${port}`), 403, path);
    assert.deepEqual(handle.stops, []);
  });

  it('with a token, gives the page to everyone and data and control only with the token', async () => {
    const { server, handle, url, origin } = await opened('secret');
    assert.equal(new URL(url).hash, '#secret');
    for (const event of events) server.add(event);
    const page = await fetch(`${origin}/`);
    assert.ok(page.ok && !(await page.text()).includes('secret'));
    const authorization = 'Bearer secret';
    assert.equal((await fetch(`${origin}/events`)).status, 401);
    assert.equal((await post(origin, '{"do":"abort"}')).status, 401);
    assert.deepEqual(handle.stops, []);
    const reader = await readerOf(origin, { authorization });
    await reader.until('live');
    await reader.cancel();
    assert.equal((await post(origin, '{"do":"abort"}', { authorization })).status, 204);
    assert.equal(handle.stops.length, 1);
  });

  it('has nothing else', async () => {
    const { origin } = await opened();
    assert.equal((await fetch(`${origin}/favicon.ico`)).status, 404);
    assert.equal((await fetch(`${origin}/`, { method: 'POST' })).status, 405);
    assert.equal((await fetch(`${origin}/events`, { method: 'DELETE' })).status, 405);
  });

  it('fails with ELPIS_LISTEN when the port is taken', async () => {
    const { url } = await opened();
    const { port } = new URL(url);
    const second = new PageServer({
      host: '127.0.0.1',
      port: Number(port),
      token: undefined,
      files: FILES,
      handle: new FakeRunHandle(),
      scheduler: realTimeScheduler,
    });
    open.push(second);
    const failed = await new Promise<string>((resolve) =>
      second.open(
        createServer,
        () => resolve('opened'),
        ({ code, message }) => resolve(`${code} ${message}`),
      ),
    );
    assert.match(failed, /^ELPIS_LISTEN the dashboard cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
  });
});

/** The status of a request with a `Host` that `fetch` does not allow. */
function statusFor(port: number, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, path, host: '127.0.0.1', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
