import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { WHOLE } from '../../../lib/core/deps.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { BadAmmoPolicy } from '../../../lib/providers/reading/ammoError.js';
import { AmmoReader, type StripedBatch } from '../../../lib/providers/reading/ammoReader.js';
import type { Row } from '../../../lib/providers/reading/batchDecoder.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { draw, drawFrom } from './drawAmmo.js';
import { counted, type Options, targets } from './outcome.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-reading-'));
after(() => rmSync(folder, { recursive: true }));

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
