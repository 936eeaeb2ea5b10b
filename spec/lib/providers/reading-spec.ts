import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { take, toArray } from 'rxjs';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { DONE, PENDING } from '../../../lib/core/cursor.js';
import type { DataSource } from '../../../lib/core/data.js';
import { WHOLE } from '../../../lib/core/deps.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import type { JsonAmmo, NumberAmmo } from '../../../lib/protocols/plainAmmo.js';
import { BadAmmoPolicy } from '../../../lib/providers/reading/ammoError.js';
import { AmmoReader, type StripedBatch } from '../../../lib/providers/reading/ammoReader.js';
import type { Row } from '../../../lib/providers/reading/batchDecoder.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { drain, draw, drawFrom, providerFrom, providerOf } from './drawAmmo.js';

type Options = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), 'elpis-reading-'));
after(() => rmSync(folder, { recursive: true }));

const targets = (ammo: readonly HttpAmmo[]): string => ammo.map(({ request }) => request.target.slice(1)).join('');

/** A source that counts how often it was opened and closed. */
function counted(chunks: readonly string[]): { source: DataSource; opened: number; closed: number } {
  const counts = {
    opened: 0,
    closed: 0,
    source: sourceFromFunction(
      async function* chunksOf() {
        counts.opened++;
        try {
          for (const chunk of chunks) {
            await new Promise(setImmediate);
            yield chunk;
          }
        } finally {
          counts.closed++;
        }
      },
      { name: 'ammo' },
    ),
  };
  return counts;
}

/** `targets` in order, then `!kind` for an error and `...` when there would be more. */
async function outcome(lines: readonly string[], options: Options, most = 8): Promise<string> {
  const { ammo, error, exhausted } = await draw<HttpAmmo>({ type: 'uri', uris: lines, ...options }, {}, most);
  const kind = error === undefined ? '' : `!${(error as { kind?: string }).kind}`;
  return `${targets(ammo)}${kind}${exhausted ? '' : '...'}`;
}

const TAGGED = ['/a x', '/b y', '/c x', '/d'];

const ENDS: readonly (readonly [sentence: string, lines: readonly string[], options: Options, outcome: string])[] = [
  ['endless without limit and passes', ['/a', '/b', '/c'], {}, 'abcabcab...'],
  ['passes', ['/a', '/b', '/c'], { passes: 2 }, 'abcabc'],
  ['a limit', ['/a', '/b', '/c'], { limit: 5 }, 'abcab'],
  ['a limit at the end of a pass', ['/a', '/b', '/c'], { limit: 3 }, 'abc'],
  ['a limit in the first pass', ['/a', '/b', '/c'], { limit: 2 }, 'ab'],
  ['the limit comes first', ['/a', '/b', '/c'], { limit: 4, passes: 2 }, 'abca'],
  ['passes come first', ['/a', '/b', '/c'], { limit: 4, passes: 1 }, 'abc'],
  ['chosen cases, several, exactly', TAGGED, { chosencases: ['x', 'Y'], passes: 2 }, 'acac'],
  ['the empty tag may be chosen', TAGGED, { chosencases: [''], passes: 1 }, 'd'],
  ['a limit counts what is not chosen', TAGGED, { chosencases: ['x'], limit: 6 }, 'aca'],
  ['but not with preload', TAGGED, { chosencases: ['x'], limit: 3, preload: true }, 'aca'],
  ['preload with passes', ['/a', '/b'], { passes: 2, preload: true }, 'abab'],
  ['preload without an end', ['/a', '/b'], { preload: true }, 'abababab...'],
  ['nothing chosen, endlessly', TAGGED, { chosencases: ['z'] }, '!no-ammo'],
  ['nothing chosen, with an end', TAGGED, { chosencases: ['z'], passes: 2 }, ''],
  ['nothing chosen, with a limit', TAGGED, { chosencases: ['z'], limit: 9 }, ''],
  ['nothing chosen, with preload', TAGGED, { chosencases: ['z'], preload: true, passes: 1 }, '!no-ammo'],
  ['nothing there', [''], {}, '!no-ammo'],
  ['an empty source, with passes', [''], { passes: 2 }, '!no-ammo'],
  ['an empty source, with a limit', [''], { limit: 2 }, '!no-ammo'],
  ['an empty source is no error in one pass', [''], { passes: 1 }, ''],
  ['but it is an error with preload', [''], { passes: 1, preload: true }, '!no-ammo'],
  ['a bad line comes after the good ones', ['/a', '/%'], {}, 'a!bad-uri'],
  ['but before all with preload', ['/a', '/%'], { preload: true }, '!bad-uri'],
  ['a limit may end before it', ['/a', '/%'], { limit: 1 }, 'a'],
];

describe('limit, passes, chosen cases and preload', () => {
  for (const [sentence, lines, options, expected] of ENDS) {
    it(sentence, async () => assert.equal(await outcome(lines, options), expected));
    it(`${sentence}, from a file`, async () => {
      const path = join(folder, 'lines.gz');
      writeFileSync(path, gzipSync(lines.join('\n')));
      assert.equal(await outcome([], { file: path, uris: null, ...options }), expected);
    });
  }

  it('ids count the taken ammo, over all passes', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: TAGGED, chosencases: ['x'], passes: 2 });
    assert.deepEqual(
      ammo.map(({ id, tag, protocol }) => [id, tag, protocol]),
      [1, 2, 3, 4].map((id) => [id, 'x', 'http']),
    );
  });

  it('the requests of all passes are the same objects', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/a'], passes: 2 });
    assert.equal(ammo[0]?.request, ammo[1]?.request);
  });

  it('headers of a file are forgotten at each pass', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/a', '[A: 1]', '/b'], passes: 2 });
    assert.deepEqual(
      ammo.map(({ request }) => request.headers.length),
      [0, 1, 0, 1],
    );
  });
});

describe('what is kept in memory', () => {
  const many = Array.from({ length: 20 }, (_, i) =>
    `/${String.fromCharCode(97 + i)}${'x'.repeat(65_000)}\n`.repeat(60),
  );

  it('a small source is opened once for all passes', async () => {
    const counts = counted(['/a\n', '/b']);
    const drawn = await drawFrom<HttpAmmo>(counts.source, { type: 'uri', passes: 3 });
    assert.equal(targets(drawn.ammo), 'ababab');
    assert.deepEqual([counts.opened, counts.closed], [1, 1]);
  });

  it('a large source is opened for each pass, and closed', async () => {
    const counts = counted(many);
    const drawn = await drawFrom<HttpAmmo>(counts.source, { type: 'uri', passes: 2 });
    assert.equal(drawn.error, undefined);
    assert.equal(drawn.ammo.length, 2 * 20 * 60);
    assert.deepEqual([counts.opened, counts.closed], [2, 2]);
  });

  it('with preload it is kept all the same', async () => {
    const counts = counted(many);
    const drawn = await drawFrom<HttpAmmo>(counts.source, { type: 'uri', passes: 2, preload: true });
    assert.equal(drawn.ammo.length, 2 * 20 * 60);
    assert.deepEqual([counts.opened, counts.closed], [1, 1]);
  });

  it('a source that can be read only once has one pass, unless it is preloaded', async () => {
    const read = async (options: Options, log = new FakeLog()): Promise<string> => {
      const stdin = Readable.from([Buffer.from('/a\n/b')]);
      const { ammo } = await draw<HttpAmmo>({ type: 'uri', file: 'stdin', ...options }, { stdin, log }, 6);
      return targets(ammo) + log.lines.map(({ message }) => `; ${message}`).join('');
    };
    assert.equal(await read({}), 'ab; stdin can be read only once, so there is one pass');
    assert.equal(await read({ passes: 1 }), 'ab');
    assert.equal(await read({ preload: true }), 'ababab');
  });
});

describe('ammo of few rows', () => {
  it('is repeated without end, with ascending ids', async () => {
    for (const [options, row] of [
      [{}, 'abc'],
      [{ preload: true }, 'abc'],
      [{ chosencases: ['x'] }, 'ab'],
    ] as const) {
      const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/a x', '/b x', '/c y'], ...options }, {}, 2000);
      assert.equal(targets(ammo), row.repeat(1000).slice(0, 2000));
      assert.deepEqual(
        ammo.map(({ id }) => id),
        Array.from({ length: 2000 }, (_, i) => i + 1),
      );
    }
  });

  /** The numbers of rows of the batches after the first pass. */
  function batchesOf(rows: number, options: { readonly passes?: number; readonly limit?: number }): readonly number[] {
    const log = new FakeLog();
    const troubles = new BadAmmoPolicy({
      name: 'ammo',
      tolerant: false,
      reports: false,
      log,
      scheduler: new VirtualClock(),
    });
    const decoder = () => ({
      push: (_: Uint8Array, into: Row[]): void => {
        for (let i = 0; i < rows; i++) into.push({ tag: '' });
      },
      end: (): void => undefined,
    });
    const source = { name: 'ammo', rereadable: true, content: Buffer.from('x'), open: () => assert.fail('opened') };
    const reading = {
      ...{ source, decoder, troubles, log, share: WHOLE, chosenCases: [] },
      ...{ passes: 0, limit: 0, preload: false, emptyPassAllowed: false, ...options },
    };
    const reader = new AmmoReader<Row>(reading);
    return [0, 1, 2].map(() => (reader.next() as StripedBatch<Row>).rows.length).slice(1);
  }

  it('is read in batches of several passes, when nothing counts them', () => {
    assert.deepEqual(batchesOf(1, {}), [512, 512]);
    assert.deepEqual(batchesOf(200, {}), [400, 400]);
    assert.deepEqual(batchesOf(300, {}), [300, 300]);
    assert.deepEqual(batchesOf(1, { passes: 9 }), [1, 1]);
    assert.deepEqual(batchesOf(1, { limit: 9 }), [1, 1]);
  });
});

describe('a share of the ammo', () => {
  it('all shares together are the whole, row for row, with its ids', async () => {
    const row = fc.constantFrom('/a x', '/b y', '/c');
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 5 }),
        fc.record({
          passes: fc.integer({ min: 1, max: 4 }),
          limit: fc.integer({ min: 0, max: 20 }),
          preload: fc.boolean(),
        }),
        fc.constantFrom([], ['x', '']),
        async (uris, of, options, chosencases) => {
          const config = { type: 'uri', uris, chosencases, ...options };
          const whole = await draw<HttpAmmo>(config);
          const shares = await Promise.all(
            Array.from({ length: of }, (_, index) => draw<HttpAmmo>(config, { share: { index, of } })),
          );
          shares.forEach(({ ammo }, index) => {
            for (const { id } of ammo) assert.equal((id - 1) % of, index);
          });
          const union = shares.flatMap(({ ammo }) => ammo).sort((a, b) => a.id - b.id);
          assert.deepEqual(union, whole.ammo);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('an item that cannot be shot belongs to a share but has no id', async () => {
    const items = ['GET / HTTP/1.1\n\n', 'x', 'GET /c HTTP/1.1\n\n', 'GET /d HTTP/1.1\n\n'];
    const source = sourceFromFunction(() => items.map((item) => `${item.length}\n${item}\n`));
    const ids = async (index: number, of: number): Promise<number[]> => {
      const { ammo } = await drawFrom<HttpAmmo>(source, { type: 'raw', passes: 1 }, { share: { index, of } });
      return ammo.map(({ id }) => id);
    };
    assert.deepEqual(await ids(0, 1), [1, 0, 2, 3]);
    assert.deepEqual(await ids(0, 2), [1, 2]);
    assert.deepEqual(await ids(1, 2), [0, 3]);
  });
});

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

describe('config of providers', () => {
  const BAD: readonly (readonly [sentence: string, config: Options, code: string, key: string])[] = [
    ['a missing file', { type: 'uri', file: 'no/such' }, 'missing-file', 'file'],
    ['neither file nor uris', { type: 'uri' }, 'required', ''],
    ['no file in another format', { type: 'raw' }, 'required', ''],
    ['uris in another format', { type: 'raw', uris: ['/a'] }, 'bad-value', ''],
    ['a header without brackets', { type: 'uri', uris: ['/a'], headers: ['A: 1'] }, 'bad-header', 'headers.0'],
    ['a header that is a list in YAML', { type: 'uri', uris: ['/a'], headers: [['A: 1']] }, 'wrong-type', 'headers.0'],
    ['a negative limit', { type: 'uri', uris: ['/a'], limit: -1 }, 'negative-number', 'limit'],
    ['an unknown decoder', { type: 'http', decoder: 'json', file: '/dev/null' }, 'one-of', 'decoder'],
    ['no decoder', { type: 'http', file: '/dev/null' }, 'required', 'decoder'],
    ['json as a type of HTTP ammo needs a source', { type: 'json' }, 'required', 'source'],
    ['a broken list', { type: 'http/json', file: { type: 'inline', data: '[{}\n,{"uri":}]' } }, 'bad-json', 'file'],
    ['a list of numbers', { type: 'http/json', file: { type: 'inline', data: '[5]' } }, 'bad-json', 'file'],
    [
      'a list without an end',
      { type: 'http', decoder: 'jsonline', file: { type: 'inline', data: '[{}' } },
      'bad-json',
      'file',
    ],
    [
      'a bad time zone',
      { type: 'uri', uris: ['/a'], middlewares: [{ type: 'header/date', location: '+03:00' }] },
      'bad-time-zone',
      'middlewares.0.location',
    ],
  ];
  for (const [sentence, config, code, key] of BAD) {
    it(`refuses ${sentence}`, () => {
      assert.throws(
        () => providerOf(config),
        ({ issues: [issue] }: { issues: [CodecIssue] }) => {
          const path = issue.context.map(({ key: name }) => name).filter((name) => name !== '');
          assert.deepEqual([issue.code, path.join('.')], [code, key]);
          return true;
        },
      );
    });
  }

  it('ignores the decoder of a format that is fixed', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/a'], decoder: 'raw', passes: 1 });
    assert.equal(targets(ammo), 'a');
  });

  it('checks compressed files too', () => {
    const path = join(folder, 'list.gz');
    writeFileSync(path, gzipSync('"x"'));
    assert.throws(() => providerOf({ type: 'http/json', file: path }));
  });
});

describe('the middleware header/date', () => {
  const dated = async (options: Options, now: number): Promise<(readonly [string, string])[]> => {
    const scheduler = new VirtualClock();
    scheduler.now = () => now;
    const middlewares = [{ type: 'header/date', ...options }];
    const config = { type: 'uri', uris: ['[Date: own]', '/a'], middlewares, passes: 1 };
    const { ammo } = await draw<HttpAmmo>(config, { scheduler });
    return [...(ammo[0] as HttpAmmo).request.headers];
  };
  const NOW = Date.UTC(2024, 1, 29, 23, 5, 9, 999);

  it('adds a header with the time, and replaces none', async () => {
    assert.deepEqual(await dated({}, NOW), [
      ['Date', 'own'],
      ['Date', 'Thu, 29 Feb 2024 23:05:09 GMT'],
    ]);
  });

  const ZONES = [
    ['Europe/Berlin', 'Fri, 01 Mar 2024 00:05:09 GMT'],
    ['America/St_Johns', 'Thu, 29 Feb 2024 19:35:09 GMT'],
    ['UTC', 'Thu, 29 Feb 2024 23:05:09 GMT'],
    ['', 'Thu, 29 Feb 2024 23:05:09 GMT'],
  ] as const;
  for (const [location, written] of ZONES) {
    it(`shows the time of "${location}" and names it GMT`, async () => {
      assert.deepEqual((await dated({ location, headerName: 'x-when' }, NOW))[1], ['X-When', written]);
    });
  }
});

describe('other providers', () => {
  it('json returns any values, over passes and up to a limit', async () => {
    const config = { type: 'json', source: { type: 'inline', data: '1 "a"[2]{"b":null}\ntrue' }, limit: 7, passes: 3 };
    const { ammo } = await draw<JsonAmmo>(config);
    assert.deepEqual(
      ammo.map(({ value }) => value),
      [1, 'a', [2], { b: null }, true, 1, 'a'],
    );
    assert.deepEqual(ammo[6], { protocol: 'json', id: 7, tag: '', value: 'a' });
  });

  it('json reports the place of an error', async () => {
    const { error } = await draw({ type: 'json', source: { type: 'inline', data: '1\n2\n{' } });
    assert.match((error as Error).message, /^inline:3: "{" is bad/);
  });

  it('num counts from 0, in shares too', async () => {
    const values = async (limit: number, index: number, of: number): Promise<number[]> => {
      const { ammo } = await draw<NumberAmmo>({ type: 'num', limit }, { share: { index, of } }, 4);
      for (const { id, value } of ammo) assert.equal(id, value + 1);
      return ammo.map(({ value }) => value);
    };
    assert.deepEqual(await values(3, 0, 1), [0, 1, 2]);
    assert.deepEqual(await values(0, 0, 1), [0, 1, 2, 3]);
    assert.deepEqual(await values(5, 1, 2), [1, 3]);
  });

  it('dummy is endless', async () => {
    const { ammo, exhausted } = await draw({ type: 'dummy' }, {}, 3);
    assert.deepEqual(
      ammo,
      [1, 2, 3].map((id) => ({ protocol: 'empty', id, tag: '' })),
    );
    assert.equal(exhausted, false);
  });
});
