import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { DataSource } from '../../../lib/core/data.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { draw, drawFrom, providerFrom } from './drawAmmo.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-failing-'));
after(() => rmSync(folder, { recursive: true }));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const targets = (ammo: readonly HttpAmmo[]): string => ammo.map(({ request }) => request.target.slice(1)).join('');

interface Watched {
  readonly source: DataSource;
  opened: number;
  closed: number;
  /** Chunks that were read. */
  chunks: number;
}

/** A source that counts; `chunks` makes the chunks of a pass, which begins at 1. */
function watched(chunks: (pass: number) => Iterable<string>): Watched {
  const seen: Watched = {
    opened: 0,
    closed: 0,
    chunks: 0,
    source: sourceFromFunction(
      async function* chunksOf() {
        const pass = ++seen.opened;
        try {
          for (const chunk of chunks(pass)) {
            await turn();
            seen.chunks++;
            yield chunk;
          }
        } finally {
          seen.closed++;
        }
      },
      { name: 'ammo' },
    ),
  };
  return seen;
}

function* failing(...before: string[]): Generator<string> {
  yield* before;
  throw new Error('the disk is gone');
}

const isUnreadable = (error: unknown): boolean =>
  isElpisError(error, 'ELPIS_SOURCE') && /^ammo: .*the disk is gone/.test(error.message);

describe('a source that fails', () => {
  it('returns the rows before the failure, then the error; it is closed once', async () => {
    const seen = watched(() => failing('/a\n/b\n', '/c\n/cut'));
    const { ammo, error } = await drawFrom<HttpAmmo>(seen.source, { type: 'uri' });
    assert.equal(targets(ammo), 'abc');
    assert.ok(isUnreadable(error), String(error));
    assert.deepEqual([seen.opened, seen.closed], [1, 1]);
  });

  it('returns only the error with preload', async () => {
    const seen = watched(() => failing('/a\n'));
    const { ammo, error } = await drawFrom<HttpAmmo>(seen.source, { type: 'uri', preload: true });
    assert.equal(ammo.length, 0);
    assert.ok(isUnreadable(error), String(error));
  });

  it('may fail in the second pass: all rows of the first are returned', async () => {
    // This number of rows is too large to be kept for the second pass.
    const rows = 300_000;
    const seen = watched((pass) => (pass === 1 ? ['/a\n'.repeat(rows)] : failing('/b\n')));
    const { ammo, error } = await drawFrom<HttpAmmo>(seen.source, { type: 'uri', passes: 3 });
    assert.equal(ammo.length, rows + 1);
    assert.equal(ammo.at(-1)?.request.target, '/b');
    assert.ok(isUnreadable(error), String(error));
    assert.deepEqual([seen.opened, seen.closed], [2, 2]);
  });

  it('is closed once when a row is bad', async () => {
    const seen = watched(() => ['/a\n/%\n', '/b\n']);
    const { ammo, error } = await drawFrom<HttpAmmo>(seen.source, { type: 'uri' });
    await turn();
    assert.equal(targets(ammo), 'a');
    assert.ok(isElpisError(error, 'ELPIS_AMMO') && error.message.startsWith('ammo:2: '), String(error));
    assert.deepEqual([seen.opened, seen.closed], [1, 1]);
  });

  it('may fail after it was closed: the failure is not reported', async () => {
    let fail = (_error: Error): void => undefined;
    const pending = new Promise<string>((_resolve, reject) => {
      fail = reject;
    });
    const source = sourceFromFunction(async function* late() {
      yield await pending;
    });
    const cursor = providerFrom<HttpAmmo>(source, { type: 'uri' }).open(realTimeScheduler);
    cursor.poll();
    cursor.close();
    fail(new Error('late'));
    // An unhandled rejection would fail this test.
    await turn();
    await turn();
  });

  it('may fail while it is closed: the failure is not reported either', async () => {
    const source = sourceFromFunction(async function* blocking() {
      try {
        for (;;) yield '/a\n';
      } finally {
        await Promise.reject(new Error('it does not close'));
      }
    });
    const cursor = providerFrom<HttpAmmo>(source, { type: 'uri', ammoqueuesize: 2 }).open(realTimeScheduler);
    for (let i = 0; i < 20; i++) await turn();
    cursor.close();
    for (let i = 0; i < 20; i++) await turn();
  });

  it('reports an archive that is cut off, after the rows that could be unpacked', async () => {
    const path = join(folder, 'cut.gz');
    const lines = Array.from({ length: 20_000 }, (_, i) => `/${(i * 7919) % 10_007}\n`).join('');
    const packed = gzipSync(lines);
    writeFileSync(path, packed.subarray(0, packed.length - 100));
    const { ammo, error } = await draw<HttpAmmo>({ type: 'uri', file: path, passes: 1 });
    assert.ok(ammo.length > 0 && ammo.length < 20_000, `${ammo.length} rows`);
    assert.ok(isElpisError(error, 'ELPIS_SOURCE') && error.message.startsWith(path), String(error));
  });
});

describe('a source without end', () => {
  function* forever(chunk: string): Generator<string> {
    for (;;) yield chunk;
  }

  it('is read ahead up to the queue size, and no further', async () => {
    const seen = watched(() => forever('/a\n'.repeat(10)));
    const cursor = providerFrom<HttpAmmo>(seen.source, { type: 'uri', ammoqueuesize: 100 }).open(realTimeScheduler);
    for (let i = 0; i < 200; i++) await turn();
    assert.equal(seen.chunks, 10);
    cursor.close();
  });

  it('is closed at the limit', async () => {
    const seen = watched(() => forever('/a\n/b\n'));
    const { ammo, error } = await drawFrom<HttpAmmo>(seen.source, { type: 'uri', limit: 5 });
    await turn();
    assert.equal(targets(ammo), 'ababa');
    assert.equal(error, undefined);
    assert.deepEqual([seen.opened, seen.closed, seen.chunks], [1, 1, 3]);
  });

  it('fails at its place when its line has no end, and is not kept in memory', async () => {
    const seen = watched(() => forever('x'.repeat(10_000)));
    const { error } = await drawFrom<HttpAmmo>(seen.source, { type: 'uri' });
    await turn();
    assert.ok(isElpisError(error, 'ELPIS_AMMO'), String(error));
    assert.equal(error.message, 'ammo:1: the line is longer than 65535 bytes');
    assert.deepEqual([seen.chunks, seen.closed], [7, 1]);
  });
});
