import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isElpisError } from '../../../lib/core/errors.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { drawFrom } from '../../../spec/lib/providers/drawAmmo.js';
import { fuzzer } from '../fuzzer.js';

export const FORMATS = ['uri', 'uripost', 'raw', 'http/json', 'json'] as const;
export type Format = (typeof FORMATS)[number];

const request = 'POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc';
const chunked = 'POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';

/** Good ammo of each format, to be cut and changed. */
export const GOOD_AMMO: Readonly<Record<Format, string>> = {
  uri: '/a tag\n[Host: h]\n[A: 1]\nhttp://u:8/b?c=%20\n\n/d/{{index}}\n',
  uripost: '3 /a tag\nabc\n[A: 1]\n0 /b\n\n4 /c\nx\ny\n\n',
  raw: `${request.length} tag\n${request}\n${chunked.length}\n${chunked}\n0\n`,
  'http/json':
    '[{"uri":"/a","host":"h","method":"PUT","headers":{"A":"1"},"tag":"t","body":"\\u00e9{{uuid}}"},\n {"uri":"/b"}]',
  json: '{"a":[1,2,{"b":"\\"}"}]}\n"x" 5 null [true]\n',
};

/** Pieces that mean something in some format. */
const TOKENS = [
  '\n',
  '\r\n',
  ' ',
  '[',
  ']',
  '{',
  '}',
  '"',
  ':',
  ',',
  '\\',
  '/',
  '%',
  '\0',
  '{{',
  '}}',
  '0',
  '-1',
  '99',
  '4294967296',
  '1e9',
  'HTTP/1.1',
  'chunked',
];

/** Good ammo with bytes cut out, put in and exchanged. */
const damaged = (format: Format): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        at: fc.nat(200),
        remove: fc.nat(8),
        insert: fc.oneof(
          fc.constantFrom(...TOKENS),
          fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        ),
      }),
      { maxLength: 6 },
    )
    .map((changes) => {
      let text = Buffer.from(GOOD_AMMO[format]).toString('latin1');
      for (const { at, remove, insert } of changes)
        text = text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + remove);
      return Buffer.from(text, 'latin1');
    });

const noise: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 100 }).map((tokens) => Buffer.from(tokens.join(''))),
);

interface ReadAmmo {
  readonly ammo: readonly string[];
  readonly error: string | undefined;
}

/** Reads bytes that come in pieces of a size. */
export async function readAmmo(format: Format, bytes: Buffer, piece: number, tolerant: boolean): Promise<ReadAmmo> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
    bytes.subarray(i * piece, (i + 1) * piece),
  );
  const source = sourceFromFunction(() => chunks, { name: 'ammo' });
  const options = format === 'json' ? {} : { continueonerror: tolerant, templates: true };
  const { ammo, error } = await drawFrom<HttpAmmo>(source, { type: format, passes: 1, ...options });
  if (error !== undefined && !isElpisError(error, 'ELPIS_AMMO') && !isElpisError(error, 'ELPIS_NO_AMMO')) throw error;
  return { ammo: ammo.map((item) => JSON.stringify(item)), error: (error as Error | undefined)?.message };
}

/** Each format, on damaged ammo and on bytes of any kind. */
export const ammoOnAnything = FORMATS.map((format) =>
  fuzzer({
    name: `ammo/${format}`,
    holds: `${format}: an error of ammo or rows, the same however the bytes are cut, and no more rows than bytes`,
    runs: 200,
    input: fc.tuple(fc.oneof(damaged(format), noise), fc.integer({ min: 1, max: 40 }), fc.boolean()),
    check: async ([bytes, piece, tolerant]) => {
      const whole = await readAmmo(format, bytes, Math.max(1, bytes.length), tolerant);
      assert.ok(whole.ammo.length <= bytes.length);
      assert.deepEqual(await readAmmo(format, bytes, piece, tolerant), whole);
    },
    limitMs: 10_000,
  }),
);
