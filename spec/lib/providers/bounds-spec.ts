import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { drawFrom } from './drawAmmo.js';

type Options = Readonly<Record<string, unknown>>;
const KIB = 1024;
const MIB = 1024 * KIB;
const piece = Buffer.alloc(64 * KIB, 'x');

interface Read {
  readonly message: string;
  readonly kind: string | undefined;
  readonly targets: readonly string[];
  /** How many bytes the decoder took from the source. */
  readonly taken: number;
  /** The growth of memory while they were read. */
  readonly grown: number;
}

const used = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Reads `head`, then `size` bytes of x, then `tail`. The chunks are copies, as those of a file are. */
async function read(
  type: string,
  [head, size, tail]: readonly [string, number, string],
  options: Options = {},
): Promise<Read> {
  let taken = 0;
  let most = 0;
  const before = used();
  const source = sourceFromFunction(
    function* bytes() {
      yield head;
      for (taken = 0; taken < size; taken += piece.length) {
        yield Buffer.from(piece.subarray(0, Math.min(piece.length, size - taken)));
        most = Math.max(most, used());
      }
      yield tail;
    },
    { name: 'ammo' },
  );
  const key = type === 'json' ? {} : options;
  const { ammo, error } = await drawFrom<HttpAmmo>(source, { type, passes: 1, ...key });
  const { message = '', kind } = (error ?? {}) as { message?: string; kind?: string };
  const targets = ammo.map(({ request, problem }) => problem ?? request?.target ?? '');
  return { message, kind, targets, taken, grown: most - before };
}

const NO_LINE_END = 'longer than 65535 bytes';

const ENDLESS: readonly (readonly [sentence: string, type: string, head: string, message: string, taken: number])[] = [
  ['a uri', 'uri', '/', 'ammo:1: the line is longer than 65535 bytes', 2 * piece.length],
  ['a size of raw', 'raw', '1\nx', `ammo:2: the line with a size is ${NO_LINE_END} (at byte 3)`, 2 * piece.length],
  [
    'a size of uripost',
    'uripost',
    '1 /a\nx\n',
    `ammo:3: the line with a size is ${NO_LINE_END} (at byte 7)`,
    2 * piece.length,
  ],
  [
    'an object of http/json',
    'http/json',
    '\n{"uri":"',
    'ammo:2: the value is longer than 67108864 bytes (at byte 1)',
    65 * MIB,
  ],
  [
    'an item of a list of http/json',
    'http/json',
    '\n[{},"',
    'ammo:2: the value is longer than 67108864 bytes (at byte 5)',
    65 * MIB,
  ],
  ['a value of json', 'json', '1 "', 'ammo:1: the value is longer than 67108864 bytes (at byte 2)', 65 * MIB],
];

describe('ammo of 4 GB without a line end', () => {
  for (const [sentence, type, head, message, taken] of ENDLESS) {
    it(`is refused at its place before it is in memory: ${sentence}`, async () => {
      const result = await read(type, [head, 4 * 1024 * MIB, '']);
      assert.equal(result.message, message);
      assert.ok(result.taken <= taken, `${result.taken} bytes were read`);
      assert.ok(result.grown < 160 * MIB, `memory grew by ${Math.round(result.grown / MIB)} MiB`);
    });
  }

  const SKIPPED: readonly (readonly [type: string, head: string, tail: string])[] = [
    ['uri', '/', '\n/b\n'],
    ['raw', 'x', '\n18\nGET /b HTTP/1.1\n\n\n'],
    ['uripost', '1', '\n0 /b\n'],
    ['http/json', '{"uri":"', '\n{"uri":"/b"}'],
  ];
  for (const [type, head, tail] of SKIPPED) {
    it(`is skipped up to the line end in flat memory with continueonerror: ${type}`, async () => {
      const { targets, message, grown } = await read(type, [head, 200 * MIB, tail], { continueonerror: true });
      assert.deepEqual([message, targets], ['', ['/b']]);
      assert.ok(grown < 160 * MIB, `memory grew by ${Math.round(grown / MIB)} MiB`);
    });
  }
});

describe('a wrong size in raw and uripost', () => {
  const CASES: readonly (readonly [
    sentence: string,
    type: string,
    head: string,
    size: number,
    options: Options,
    message: string,
  ])[] = [
    [
      'longer than the file',
      'raw',
      '100\nGET',
      0,
      {},
      'ammo:1: the file ends before the 100 bytes that the line announces (at byte 0)',
    ],
    ['negative', 'uripost', '0 /a\n-5 /b\n', 0, {}, 'ammo:2: "-5 /b" does not start with a size (at byte 5)'],
    [
      'beyond exact integers',
      'raw',
      '99999999999999999999\n',
      0,
      {},
      'ammo:1: "99999999999999999999" does not start with a size (at byte 0)',
    ],
    ['an exponent', 'raw', '1e3\n', 0, {}, 'ammo:1: "1e3" does not start with a size (at byte 0)'],
    [
      'huge, and the file ends',
      'raw',
      '9999999999\n',
      MIB,
      {},
      'ammo:1: the file ends before the 9999999999 bytes that the line announces (at byte 0)',
    ],
    [
      'above the limit',
      'raw',
      '70000000\n',
      70_000_000,
      {},
      'ammo:1: the item has 70000000 bytes, more than 67108864 (at byte 0)',
    ],
    [
      'above a limit of the config',
      'uripost',
      '\n1001 /a\n',
      0,
      { maxammosize: 1000 },
      'ammo:2: the item has 1001 bytes, more than 1000 (at byte 1)',
    ],
  ];
  for (const [sentence, type, head, size, options, message] of CASES) {
    it(`is refused at its place: ${sentence}`, async () => {
      const result = await read(type, [head, size, ''], options);
      assert.equal(result.message, message);
      assert.ok(result.grown < 100 * MIB, `memory grew by ${Math.round(result.grown / MIB)} MiB`);
    });
  }

  it('reads an item above the default limit with maxammosize', async () => {
    const { message, targets } = await read('uripost', ['70000000 /a\n', 70_000_000, ''], { maxammosize: 70_000_000 });
    assert.deepEqual([message, targets], ['', ['/a']]);
  });
});

describe('a request of raw with an excessive head', () => {
  const item = (request: string): string => `${request.length}\n${request}`;
  const problem = async (request: string): Promise<string | undefined> =>
    (await read('raw', [item(request), 0, ''])).targets[0];

  it('has a head of at most 1 MiB', async () => {
    const head = `GET / HTTP/1.1\n${`A: ${'x'.repeat(1000)}\n`.repeat(1100)}\n`;
    assert.equal(await problem(head), 'ammo:1: its head is longer than 1048576 bytes');
  });

  it('joins many folded lines with one copy', async () => {
    assert.equal(await problem(`GET / HTTP/1.1\nA: 1\n${' a\n'.repeat(300_000)}\n`), '/');
  });
});

describe('excessive http/json', () => {
  it('has many headers', async () => {
    const headers = Array.from({ length: 200_000 }, (_, i) => `"H${i}":"x"`).join(',');
    assert.deepEqual((await read('http/json', [`{"uri":"/a","headers":{${headers}}}`, 0, ''])).targets, ['/a']);
  });

  it('opens a list on each of many lines: the lines are not read again for each', async () => {
    const { message, targets } = await read('http/json', [`{}\n${'[\n'.repeat(300_000)}`, 0, ''], {
      continueonerror: true,
    });
    assert.deepEqual([message, targets], ['', ['/']]);
  });

  it('is nested deeply', async () => {
    const deep = `{"uri":"/a","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    assert.deepEqual((await read('http/json', [deep, 0, ''])).targets, ['/a']);
  });
});

describe('header lines of uri and uripost', () => {
  it('may set at most 1,000 names, since they apply to every request after them', async () => {
    const lines = Array.from({ length: 1001 }, (_, i) => `[H${i}: x]\n`).join('');
    for (const [type, item] of [
      ['uri', '/a'],
      ['uripost', '0 /a'],
    ] as const) {
      const { message } = await read(type, [`${lines}${item}`, 0, '']);
      assert.match(message, /^ammo:1001: "\[H1000: x\]" is one header too many: 1000 names are set/);
    }
  });
});
