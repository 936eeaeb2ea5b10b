import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { take, toArray } from 'rxjs';
import { DONE, PENDING } from '../../../lib/core/cursor.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { drain, drawFrom, providerFrom, providerOf } from './drawAmmo.js';
import { counted, targets } from './outcome.js';

describe('the cursor of a provider', () => {
  it('is never pending when the ammo is in memory, so it runs in virtual time', () => {
    const cursor = providerOf<HttpAmmo>({ type: 'uri', uris: ['/a', '/b'], limit: 100_000 }).open(new VirtualClock());
    for (let i = 1; i <= 100_000; i++) assert.equal((cursor.poll() as HttpAmmo).id, i);
    assert.equal(cursor.left(), 0);
    assert.equal(cursor.poll(), DONE);
  });

  it('returns how many are left after it has read to the end', () => {
    const cursor = providerOf<HttpAmmo>({ type: 'uri', uris: ['/a', '/b', '/c'], passes: 1 }).open(realTimeScheduler);
    assert.equal(cursor.left(), 3);
    const first = cursor.poll() as HttpAmmo;
    assert.equal(cursor.left(), 2);
    cursor.giveBack(first);
    assert.equal(cursor.left(), 3);
    assert.equal(cursor.poll(), first);
    cursor.close();
    assert.equal(cursor.left(), 0);
    assert.equal(cursor.poll(), DONE);
  });

  it('is pending while bytes arrive, and wakes', async () => {
    const stdin = new PassThrough();
    const cursor = providerOf<HttpAmmo>({ type: 'uri', file: 'stdin' }, { stdin }).open(realTimeScheduler);
    assert.equal(cursor.poll(), PENDING);
    assert.equal(cursor.left(), undefined);
    stdin.write('/a\n/b');
    await new Promise<void>((wake) => cursor.whenReady(wake));
    assert.equal((cursor.poll() as HttpAmmo).request.target, '/a');
    assert.equal(cursor.poll(), PENDING);
    stdin.end();
    assert.equal(targets((await drain(cursor)).ammo), 'b');
  });

  it('closes its source once and never wakes after any kind of close', async () => {
    for (const turns of [0, 1, 2, 3, 10]) {
      const counts = counted(Array.from({ length: 100 }, () => '/a\n'));
      const cursor = providerFrom<HttpAmmo>(counts.source, { type: 'uri', 'ammo-queue-size': 2 }).open(
        realTimeScheduler,
      );
      let woken = 0;
      for (let i = 0; i < turns; i++) await new Promise(setImmediate);
      while (cursor.poll() !== PENDING);
      cursor.whenReady(() => woken++);
      cursor.close();
      cursor.close();
      for (let i = 0; i < 10; i++) await new Promise(setImmediate);
      assert.equal(counts.closed, counts.opened);
      assert.equal(woken, 0);
    }
  });

  it('stops reading a silent source', async () => {
    const stdin = new PassThrough();
    const cursor = providerOf<HttpAmmo>({ type: 'uri', file: 'stdin' }, { stdin }).open(realTimeScheduler);
    assert.equal(cursor.poll(), PENDING);
    await new Promise(setImmediate);
    cursor.close();
    await new Promise(setImmediate);
    assert.equal(stdin.destroyed, true);
  });

  it('closes its source when the limit is reached', async () => {
    const counts = counted(Array.from({ length: 100 }, () => '/a\n'));
    const { ammo, error } = await drawFrom<HttpAmmo>(counts.source, { type: 'uri', limit: 3 });
    await new Promise(setImmediate);
    assert.deepEqual([ammo.length, error, counts.opened, counts.closed], [3, undefined, 1, 1]);
  });

  it('does not read ahead of its queue', async () => {
    let chunks = 0;
    const source = sourceFromFunction(function* endless() {
      for (;;) {
        chunks++;
        yield '/a\n'.repeat(100);
      }
    });
    const cursor = providerFrom<HttpAmmo>(source, { type: 'uri', 'ammo-queue-size': 250 }).open(realTimeScheduler);
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    assert.ok(chunks <= 5, `${chunks} chunks`);
    for (let i = 0; i < 100; i++) cursor.poll();
    cursor.close();
  });

  it('fails after the ammo before the failure, like any source', async () => {
    const source = sourceFromFunction(function* broken() {
      yield '/a\n';
      throw new Error('disk on fire');
    });
    const { ammo, error } = await drawFrom<HttpAmmo>(source, { type: 'uri' });
    assert.equal(targets(ammo), 'a');
    assert.ok(isElpisError(error, 'ELPIS_SOURCE'));
    assert.match(error.message, /^broken: cannot be read: disk on fire/);
  });

  it('can be subscribed to like any Observable, many times', async () => {
    const provider = providerOf<HttpAmmo>({ type: 'uri', uris: ['/a', '/b'] });
    for (const most of [3, 5]) {
      const ammo = await new Promise<HttpAmmo[]>((resolve, reject) => {
        provider.pipe(take(most), toArray()).subscribe({ next: resolve, error: reject });
      });
      assert.deepEqual(
        ammo.map(({ id }) => id),
        Array.from({ length: most }, (_, i) => i + 1),
      );
    }
  });
});

describe('a large source', () => {
  const size = 200 * 1024 * 1024;
  const body = 'x'.repeat(1023).concat('\n').repeat(64);
  const request = `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const item = Buffer.from(`${request.length} tag\n${request}\n`);
  const source = sourceFromFunction(
    function* items() {
      for (let sent = 0; sent < size; sent += item.length) yield Buffer.from(item);
    },
    { name: 'ammo' },
  );

  it('is read in flat memory', async () => {
    const cursor = providerFrom<HttpAmmo>(source, { type: 'raw', passes: 1 }).open(realTimeScheduler);
    const before = process.memoryUsage();
    let count = 0;
    let most = 0;
    for (let polled = cursor.poll(); polled !== DONE; polled = cursor.poll()) {
      if (polled === PENDING) await new Promise<void>((wake) => cursor.whenReady(wake));
      else if (count++ % 100 === 0) {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        most = Math.max(most, heapUsed + arrayBuffers);
      }
    }
    assert.equal(count, Math.ceil(size / item.length));
    const grown = (most - before.heapUsed - before.arrayBuffers) / 1024 / 1024;
    assert.ok(grown < 100, `grew by ${grown.toFixed(0)} MiB`);
  });
});
