import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isElpisError } from '../../../lib/core/errors.js';
import { sourceOfFile } from '../../../lib/data/file.js';
import { sourceOfUrl, type UrlLimits } from '../../../lib/data/url.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-stalls-'));
after(() => rmSync(folder, { recursive: true }));

const LIMITS: UrlLimits = { connectTimeout: 1000, responseTimeout: 2000, idleTimeout: 3000, redirects: 3 };
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

/** Serves and reads the address of the server; virtual time continues whenever `stalled` is resolved. */
async function readFrom(
  listener: RequestListener,
  stalled: Promise<unknown>,
  onChunk: () => void = () => undefined,
): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = new VirtualClock();
  const url = `http://ann:hope@127.0.0.1:${(server.address() as AddressInfo).port}/ammo?token=hope`;
  let text = '';
  try {
    void stalled.then(async () => {
      await turns(20);
      clock.run();
    });
    for await (const chunk of sourceOfUrl(url, LIMITS, clock).open()) {
      text += Buffer.from(chunk).toString();
      onChunk();
    }
    return text;
  } catch (error) {
    assert.ok(isElpisError(error, 'ELPIS_SOURCE'), String(error));
    assert.doesNotMatch(`${error.message} ${error.hint} ${error.stack}`, /hope/);
    return `${text}!${error.message.replace(/127\.0\.0\.1:\d+/, 'host')} (${error.hint})`;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A promise and the function that resolves it. */
function signal(): readonly [promise: Promise<void>, fire: () => void] {
  let fire = (): void => undefined;
  return [new Promise<void>((resolve) => (fire = resolve)), () => fire()];
}

const NAME = 'http://***@host/ammo?token=***';

describe('a source at an address', () => {
  it('that accepts and does not respond fails after the response timeout', async () => {
    const [stalled, fire] = signal();
    assert.equal(
      await readFrom(() => fire(), stalled),
      `!${NAME}: no response within 2 s (check the address and the network; response-timeout sets another limit)`,
    );
  });

  it('that stops in the middle returns the received bytes, then fails after the idle timeout', async () => {
    const [stalled, fire] = signal();
    const result = await readFrom((_request, response) => response.write('/a\n'), stalled, fire);
    assert.equal(
      result,
      `/a\n!${NAME}: no more bytes after 3 within 3 s (check the address and the network; idle-timeout sets another limit)`,
    );
  });

  it('that does not finish its TLS handshake fails after the connect timeout', async () => {
    const sockets: Socket[] = [];
    const [stalled, fire] = signal();
    const server = createTcpServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      fire();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const clock = new VirtualClock();
    const source = sourceOfUrl(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`, LIMITS, clock);
    void stalled.then(async () => {
      await turns(20);
      clock.run();
    });
    await assert.rejects(source.open()[Symbol.asyncIterator]().next(), /no connection within 1 s/);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('has no limit between chunks while no reader waits for them', async () => {
    const server = createServer((_request, response) => response.write('/a\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const clock = new VirtualClock();
    const reading = sourceOfUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, LIMITS, clock)
      .open()
      [Symbol.asyncIterator]();
    await reading.next();
    clock.run();
    const second = reading.next();
    server.closeAllConnections();
    await assert.rejects(second, (error) => !/no more bytes/.test(String(error)));
    server.close();
  });

  it('follows redirects up to the limit', async () => {
    const hops =
      (left: number): RequestListener =>
      (request, response) => {
        const at = Number(new URL(request.url ?? '', 'http://h').searchParams.get('at') ?? 0);
        if (at === left) response.end('found');
        else response.writeHead(302, { location: `/ammo?at=${at + 1}` }).end();
      };
    const never = new Promise(() => undefined);
    assert.equal(await readFrom(hops(3), never), 'found');
    assert.equal(
      await readFrom(hops(4), never),
      `!${NAME}: more than 3 redirects (open the address in a browser; redirects sets another limit)`,
    );
  });

  it('gets user and password as basic authentication', async () => {
    const never = new Promise(() => undefined);
    const echo: RequestListener = ({ headers }, response) => response.end(headers.authorization);
    assert.equal(await readFrom(echo, never), `Basic ${Buffer.from('ann:hope').toString('base64')}`);
  });

  it('can be closed while a read is pending', async () => {
    const [stalled, fire] = signal();
    const server = createServer(() => fire()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const stop = new AbortController();
    const clock = new VirtualClock();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const pending = sourceOfUrl(url, LIMITS, clock).open(stop.signal)[Symbol.asyncIterator]().next();
    await stalled;
    stop.abort();
    await assert.rejects(pending, isElpisError);
    server.closeAllConnections();
    server.close();
  });
});

function fifo(name: string): string {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
}

async function read(path: string): Promise<string> {
  let text = '';
  for await (const chunk of sourceOfFile(path).open()) text += Buffer.from(chunk).toString();
  return text;
}

describe('a named pipe', () => {
  it('returns what a writer writes later, and ends with the writer', async () => {
    const path = fifo('later');
    const reading = read(path);
    await turns(10);
    spawn('sh', ['-c', `(echo /a; echo /b) > '${path}'`]);
    assert.equal(await reading, '/a\n/b\n');
  });

  it('can be closed while there is no writer', async () => {
    const stop = new AbortController();
    const pending = sourceOfFile(fifo('none')).open(stop.signal)[Symbol.asyncIterator]().next();
    await turns(10);
    stop.abort();
    await assert.rejects(pending, isElpisError);
  });

  it('does not keep the process from ending', () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../../lib/data/file.ts')).href;
    const program = `
      import { sourceOfFile } from '${module}';
      sourceOfFile('${fifo('exit')}').open()[Symbol.asyncIterator]().next();
      setImmediate(() => setImmediate(() => process.exit(3)));
    `;
    // A limit only for the case that it hangs.
    const { status, stderr } = spawnSync(
      process.execPath,
      [...process.execArgv, '--input-type=module', '-e', program],
      { timeout: 30_000 },
    );
    assert.equal(status, 3, stderr.toString());
  });
});

describe('a file that changes while it is read', () => {
  const big = (): string => {
    const path = join(folder, 'changing');
    writeFileSync(path, 'a'.repeat(1_000_000));
    return path;
  };

  it('ends where it ends when it shrinks', async () => {
    const path = big();
    const reading = sourceOfFile(path).open()[Symbol.asyncIterator]();
    let size = (await reading.next()).value?.length ?? 0;
    truncateSync(path, 100);
    for (let next = await reading.next(); next.done !== true; next = await reading.next()) size += next.value.length;
    assert.ok(size < 1_000_000, `${size} bytes`);
  });

  it('is read to its new end when it grows', async () => {
    const path = big();
    const reading = sourceOfFile(path).open()[Symbol.asyncIterator]();
    let size = (await reading.next()).value?.length ?? 0;
    writeFileSync(path, 'b'.repeat(500_000), { flag: 'a' });
    for (let next = await reading.next(); next.done !== true; next = await reading.next()) size += next.value.length;
    assert.equal(size, 1_500_000);
  });

  it('stays the opened file when another file replaces it; the next pass reads the new file', async () => {
    const path = big();
    const reading = sourceOfFile(path).open()[Symbol.asyncIterator]();
    let size = (await reading.next()).value?.length ?? 0;
    rmSync(path);
    writeFileSync(path, 'other');
    for (let next = await reading.next(); next.done !== true; next = await reading.next()) size += next.value.length;
    assert.equal(size, 1_000_000);
    assert.equal(await read(path), 'other');
  });

  it('reports that it is a directory when it has become one', async () => {
    await assert.rejects(
      read(folder),
      (error) => isElpisError(error, 'ELPIS_SOURCE') && /directory/.test(`${error.hint}`),
    );
  });
});
