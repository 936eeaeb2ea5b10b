import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import type { DataSource } from '../../../lib/core/data.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { fileSource, sourceOfFile } from '../../../lib/data/file.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import { inlineSource, sourceOfBytes } from '../../../lib/data/inline.js';
import { sourceOfStdin, stdinSource } from '../../../lib/data/std.js';
import { sourceOfUrl, urlSource } from '../../../lib/data/url.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

const TEXT = 'hello, '.repeat(50_000);
const folder = mkdtempSync(join(tmpdir(), 'elpis-data-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(source: DataSource): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function served<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/ammo`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A source of each kind that holds these bytes. */
const KINDS: Readonly<Record<string, (bytes: Buffer, use: (source: DataSource) => Promise<void>) => Promise<void>>> = {
  file: (bytes, use) => use(sourceOfFile(file('source', bytes))),
  stdin: (bytes, use) => use(sourceOfStdin(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]))),
  function: (bytes, use) => use(sourceFromFunction(() => [bytes])),
  url: (bytes, use) =>
    served(
      (_request, response) => response.end(bytes),
      (url) => use(sourceOfUrl(url)),
    ),
};

for (const [kind, hold] of Object.entries(KINDS)) {
  describe(`a ${kind} source`, () => {
    it('returns its bytes', () => hold(Buffer.from(TEXT), async (source) => assert.equal(await read(source), TEXT)));
    it('decompresses gzip', () => hold(gzipSync(TEXT), async (source) => assert.equal(await read(source), TEXT)));
    it('may be empty', () => hold(Buffer.alloc(0), async (source) => assert.equal(await read(source), '')));
    it('may hold one byte', () =>
      hold(Buffer.from('\x1f'), async (source) => assert.equal(await read(source), '\x1f')));
    it('names itself in the error of a broken archive', () =>
      hold(gzipSync(TEXT).subarray(0, 100), async (source) => {
        await assert.rejects(read(source), (error) => {
          assert.ok(isElpisError(error, 'ELPIS_SOURCE'));
          assert.ok(error.message.startsWith(`${source.name}: cannot be read`));
          return true;
        });
      }));
  });
}

describe('sources', () => {
  it('read several archives in one file', async () => {
    assert.equal(await read(sourceOfFile(file('two.gz', Buffer.concat([gzipSync('a'), gzipSync('b')])))), 'ab');
  });

  it('can be opened again, except stdin', () => {
    assert.equal(sourceOfFile(file('again', 'a')).rereadable, true);
    assert.equal(sourceOfFile('/dev/stdin').rereadable, false);
    assert.equal(sourceOfBytes('a').rereadable, true);
    assert.equal(sourceOfUrl('http://localhost/').rereadable, true);
    assert.equal(sourceOfStdin(Readable.from([])).rereadable, false);
  });

  it('report a missing file', async () => {
    await assert.rejects(read(sourceOfFile(join(folder, 'none'))), (error) => {
      assert.ok(isElpisError(error, 'ELPIS_SOURCE'));
      assert.match(error.message, /none: cannot be read: ENOENT/);
      assert.match(error.hint ?? '', /working directory/);
      return true;
    });
  });

  it('report a response that is not 200', () =>
    served(
      (_request, response) => response.writeHead(404).end(),
      (url) => assert.rejects(read(sourceOfUrl(url)), /responded with 404 Not Found/),
    ));

  it('report a refused connection', async () => {
    await assert.rejects(read(sourceOfUrl('http://127.0.0.1:1/')), (error) => isElpisError(error, 'ELPIS_SOURCE'));
  });

  it('follow redirects', async () => {
    const text = await served(
      ({ url }, response) =>
        url === '/there' ? response.end('found') : response.writeHead(302, { location: '/there' }).end(),
      (url) => read(sourceOfUrl(url)),
    );
    assert.equal(text, 'found');
  });

  it('close once when the reader stops', async () => {
    let closed = 0;
    const source = sourceFromFunction(function* endless() {
      try {
        for (;;) yield 'x';
      } finally {
        closed++;
      }
    });
    for await (const _ of source.open()) break;
    assert.equal(closed, 1);
    assert.equal(source.name, 'endless');
  });

  it('close a silent stream on abort', async () => {
    const stdin = new PassThrough();
    const abort = new AbortController();
    const next = sourceOfStdin(stdin).open(abort.signal)[Symbol.asyncIterator]().next();
    await new Promise(setImmediate);
    abort.abort();
    await assert.rejects(next);
    assert.equal(stdin.destroyed, true);
  });
});

describe('config of sources', () => {
  const { source } = pluginCodecs(
    new Registry().register(fileSource).register(stdinSource).register(inlineSource).register(urlSource),
  );

  const created = (raw: unknown): DataSource => {
    const decoded = source.decode(raw);
    if (isLeft(decoded)) throw new Error('refused');
    return decoded.right.create(fakeDeps({ stdin: Readable.from([Buffer.from('in')]) }));
  };
  const issue = (raw: unknown): string => {
    const decoded = source.decode(raw);
    if (!isLeft(decoded)) return 'accepted';
    const [{ code, context }] = decoded.left as [CodecIssue];
    return `${code} at ${context.map(({ key }) => key).join('.')}`;
  };

  it('makes each kind', async () => {
    assert.equal(await read(created({ type: 'file', path: file('made', 'made') })), 'made');
    assert.equal(await read(created(file('short', 'short'))), 'short');
    assert.equal(await read(created('stdin')), 'in');
    assert.equal(await read(created({ type: 'inline', data: 'line' })), 'line');
    assert.equal(created('https://example.org/a').name, 'https://example.org/a');
  });

  const BAD: readonly (readonly [sentence: string, raw: unknown, issue: string])[] = [
    ['a missing file is reported while the config is read', { type: 'file', path: 'no/such' }, 'missing-file at .path'],
    ['also in short form, at the key itself', 'no/such', 'missing-file at '],
    ['a directory is no file', { type: 'file', path: '.' }, 'missing-file at .path'],
    ['a file needs its path', { type: 'file' }, 'required at .path'],
    ['inline data is text', { type: 'inline', data: 5 }, 'wrong-type at .data'],
    ['an address has a scheme', { type: 'url', url: 'example.org' }, 'bad-url at .url'],
    ['that is http or https', { type: 'url', url: 'ftp://example.org' }, 'bad-url at .url'],
    ['stdin has no options', { type: 'stdin', path: 'x' }, 'unknown-key at .path'],
  ];
  for (const [sentence, raw, expected] of BAD) it(sentence, () => assert.equal(issue(raw), expected));
});
