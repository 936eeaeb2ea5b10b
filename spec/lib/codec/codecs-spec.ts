import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { adviceFor } from '../../../lib/codec/advice.js';
import { atLeast, atMost } from '../../../lib/codec/bounds.js';
import { byteSize } from '../../../lib/codec/byteSize.js';
import { listOf, mapOf } from '../../../lib/codec/collections.js';
import { atLeastMs, duration, parseDuration } from '../../../lib/codec/duration.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { header, ipAddress, url, urlPath } from '../../../lib/codec/net.js';
import { Reference } from '../../../lib/codec/reference.js';
import { flag, float, integer, oneOf, parseInteger, scalar, text, unsigned } from '../../../lib/codec/scalars.js';
import { optional, refineStruct, required, struct } from '../../../lib/codec/struct.js';
import { nanosOf } from '../../../lib/plans/support.js';

const ref = (value: string): Reference => new Reference(value, '${X}');
const codecIssuesOf = (codec: t.Mixed, raw: unknown): readonly CodecIssue[] => {
  const result = codec.decode(raw);
  return isLeft(result) ? (result.left as CodecIssue[]) : [];
};
const pathsOf = (issues: readonly CodecIssue[]): readonly string[] =>
  issues.map(({ code, context }) => `${context.map(({ key }) => key).join('/')} ${code}`);

type Row = readonly [sentence: string, codec: t.Mixed, raw: unknown, value: unknown];
type Refusal = readonly [sentence: string, codec: t.Mixed, raw: unknown, code: string];

const ACCEPTED: readonly Row[] = [
  ['an integer is an integer', integer, 5, 5],
  ['a fraction is cut off toward zero', integer, 2.9, 2],
  ['a negative fraction is cut off toward zero', integer, -2.9, -2],
  ['a reference may be decimal', integer, ref('42'), 42],
  ['a reference may be hexadecimal', integer, ref('0x1F'), 31],
  ['a reference may be 0o octal', integer, ref('0o17'), 15],
  ['a reference may be octal by a leading 0', integer, ref('017'), 15],
  ['a reference may be binary', integer, ref('-0b101'), -5],
  ['a reference may have underscores', integer, ref('1_000'), 1000],
  ['a whole number is a float', float, 3, 3],
  ['a reference may be a float', float, ref('.5e1'), 5],
  ['a reference to an integer is a float', float, ref('0x10'), 16],
  ['true is a flag', flag, true, true],
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(
    (word): Row => [`a reference to ${word} is true`, flag, ref(word), true],
  ),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word): Row => [`${word} is false`, flag, ref(word), false]),
  ['text stays as it is', text, ' a ', ' a '],
  ['a reference is text', text, ref('5'), '5'],
  ['text has units of time', duration, '1.5s', 1500],
  ['units add up', duration, '1m30s', 90_000],
  ['a unit may come again', duration, '1m1m', 120_000],
  ['a fraction needs no whole part', duration, '.5s', 500],
  ['a whole part needs no fraction', duration, '5.s', 5000],
  ['a sign is allowed', duration, '-1h', -3_600_000],
  ['both micro signs are known', duration, '1µs1μs1us', 0.003],
  ['a lone 0 needs no unit', duration, '0', 0],
  ['a bare number is nanoseconds', duration, 1e9, 1000],
  ['a bare number loses its fraction', duration, 1.9, 1e-6],
  ['a reference to a number is nanoseconds', duration, ref('5'), 5e-6],
  ['a reference to a duration is one', duration, ref('5s'), 5000],
  ['100 years are not too long', duration, '876000h', 876_000 * 3_600_000],
  ['digits below a nanosecond are cut off', duration, '0.3333333333333333333333s', 333.333333],
  ['a size has a unit', byteSize, '8mb', 8 * 1024 ** 2],
  ['a size may have one letter', byteSize, '2G', 2 * 1024 ** 3],
  ['blanks may stand before the unit', byteSize, '4 kB', 4096],
  ['empty text is 0', byteSize, '', 0],
  ['a bare number is bytes', byteSize, 10, 10],
  ['exabytes are known', byteSize, '1eb', 1024 ** 6],
  ['a reference to a size is one', byteSize, ref('1k'), 1024],
  ['one of the words', oneOf(['all', 'error']), 'all', 'all'],
  ['a reference to one of the words', oneOf(['all', 'error']), ref('error'), 'error'],
  ['the bound itself is allowed', atLeast(integer, 1), 1, 1],
  ['the upper bound itself is allowed', atMost(integer, 7), 7, 7],
  ['a millisecond is at least one', atLeastMs(1), '1ms', 1],
  ['a list of texts', listOf(text), ['a', ref('b')], ['a', 'b']],
  ['a map with free keys keeps their case', mapOf(text), { 'X-Id': 'a' }, { 'X-Id': 'a' }],
  ['an IPv4 address', ipAddress, '127.0.0.1', '127.0.0.1'],
  ['an IPv6 address', ipAddress, '::1', '::1'],
  ['a path with a query', urlPath, '/a?b=c', '/a?b=c'],
  ['a header in brackets', header, ' [A : b:c ] ', { name: 'A', value: 'b:c' }],
  ['a header may be empty', header, '[A:]', { name: 'A', value: '' }],
];

const REFUSED: readonly Refusal[] = [
  ['a quoted number is no number', integer, '5', 'wrong-type'],
  ['true is no number', integer, true, 'wrong-type'],
  ['infinity is no number', float, Number.POSITIVE_INFINITY, 'wrong-type'],
  ['blanks around a reference make it text', integer, ' 7 ', 'wrong-type'],
  ['8 is no octal digit', integer, ref('08'), 'wrong-type'],
  ['underscores stand between digits', integer, ref('1__0'), 'wrong-type'],
  ['a reference to a fraction is no integer', integer, ref('1.5'), 'wrong-type'],
  ['less than zero is not unsigned', unsigned, -1, 'negative-number'],
  ['a quoted true is no flag', flag, 'true', 'wrong-type'],
  ['1 is no flag', flag, 1, 'wrong-type'],
  ['yes is no flag, even by reference', flag, ref('yes'), 'wrong-type'],
  ['a number is no text', text, 5, 'wrong-type'],
  ['a map is no text', text, {}, 'wrong-type'],
  ...['10', '1d', '1sec', '1 s', '1e3s', '', '+', '.s', '1H', 's'].map(
    (word): Refusal => [`${JSON.stringify(word)} is no duration`, duration, word, 'bad-duration'],
  ),
  ['300 years are too long', duration, '2628000h', 'bad-duration'],
  ['true is no duration', duration, true, 'wrong-type'],
  ...['5KiB', '1.5mb', '-1', ' 1', '1zb', '16eb', 'b'].map(
    (word): Refusal => [`${JSON.stringify(word)} is no size`, byteSize, word, 'bad-size'],
  ),
  ['a negative number is no size', byteSize, -1, 'negative-number'],
  ['another word', oneOf(['all', 'error']), 'eror', 'one-of'],
  ['words are case-sensitive', oneOf(['all', 'error']), 'All', 'one-of'],
  ['below the bound', atLeast(integer, 1), 0, 'min'],
  ['above the bound', atMost(integer, 7), 8, 'max'],
  ['less than a millisecond', atLeastMs(1), '999us', 'min-time'],
  ['a scalar is no list', listOf(text), 'a', 'not-a-list'],
  ['a reference is no list', listOf(text), ref('a'), 'not-a-list'],
  ['a reference is no map', struct('s', {}), ref('a'), 'not-a-map'],
  ['a list is no map', mapOf(text), [], 'not-a-map'],
  ['another scheme is no URL here', url, 'ftp://a', 'bad-url'],
  ['a path alone is no URL', url, '/a', 'bad-url'],
  ['a name is no address', ipAddress, 'localhost', 'bad-ip'],
  ['a path begins with a slash', urlPath, 'a', 'bad-url'],
  ['a path has no blanks', urlPath, '/a b', 'bad-url'],
  ['a header is no list of YAML', header, [{ A: 'b' }], 'wrong-type'],
  ['a header has brackets', header, 'A: b', 'bad-header'],
  ['a header has a colon', header, '[A]', 'bad-header'],
  ['a header has a name', header, '[: b]', 'bad-header'],
];

describe('codecs', () => {
  for (const [sentence, codec, raw, value] of ACCEPTED) {
    it(sentence, () => {
      const result = codec.decode(raw);
      if (isLeft(result)) assert.fail(result.left.map(({ message }) => message).join());
      assert.deepEqual(result.right, value);
    });
  }
  for (const [sentence, codec, raw, code] of REFUSED) {
    it(`refused: ${sentence}`, () => assert.deepEqual(pathsOf(codecIssuesOf(codec, raw)), [` ${code}`]));
  }

  it('suggests the value that was probably intended', () => {
    const rows: readonly (readonly [t.Mixed, unknown, RegExp])[] = [
      [duration, '30', /30s/],
      [atLeastMs(1), 30, /nanoseconds.*30s/],
      [integer, '30', /without quotes/],
      [flag, 'true', /without quotes/],
      [text, 5, /"5"/],
      [oneOf(['all', 'error']), 'eror', /mean error/],
      [header, 'A: b', /brackets/],
      [header, [{ A: 'b' }], /quote it/],
    ];
    for (const [codec, raw, hint] of rows) assert.match(codecIssuesOf(codec, raw)[0]?.hint ?? '', hint);
  });
});

describe('struct', () => {
  const inner = struct('inner', { maxSize: optional(integer, 7, '') });
  const outer = struct('outer', {
    name: required(text, ''),
    dnsCache: optional(flag, true, ''),
    discardOverflow: optional(flag, true, '', 'discard_overflow'),
    inner: optional(inner, { maxSize: 7 }, ''),
    list: optional(listOf(inner), [], ''),
  });

  it('has the defaults for absent and null keys', () => {
    assert.deepEqual(outer.decode({ name: 'a', dnsCache: null, inner: {} }), {
      _tag: 'Right',
      right: { name: 'a', dnsCache: true, discardOverflow: true, inner: { maxSize: 7 }, list: [] },
    });
  });

  it('finds a key in any case, with dashes or underscores', () => {
    for (const key of ['dns-cache', 'dns_cache', 'dnscache', 'DNS-Cache', 'dnsCache']) {
      const result = outer.decode({ name: 'a', [key]: false });
      assert.ok(isRight(result) && !result.right.dnsCache, key);
    }
  });

  it('collects every issue, each with its path as written', () => {
    const issues = codecIssuesOf(outer, {
      'dns-cache': 1,
      inner: { MAXSIZE: 'a' },
      list: [{}, { maxsize: 'b' }],
      nmae: 'a',
    });
    assert.deepEqual(pathsOf(issues), [
      '/nmae unknown-key',
      '/name required',
      '/dns-cache wrong-type',
      '/inner/MAXSIZE wrong-type',
      '/list/1/maxsize wrong-type',
    ]);
    assert.match(issues[0]?.hint ?? '', /name/);
  });

  it('refuses a repeated key in another spelling', () => {
    assert.deepEqual(pathsOf(codecIssuesOf(outer, { name: 'a', Name: 'b' })), ['/Name duplicate-key']);
  });

  it('finds no keys on the prototype, and refuses an instance of a class', () => {
    assert.deepEqual(pathsOf(codecIssuesOf(struct('s', { toString: required(text, '') }), {})), [
      '/to-string required',
    ]);
    assert.deepEqual(pathsOf(codecIssuesOf(struct('s', {}), new Date(0))), [' not-a-map']);
    assert.deepEqual(pathsOf(codecIssuesOf(struct('s', {}), JSON.parse('{"__proto__": 1}'))), [
      '/__proto__ unknown-key',
    ]);
  });

  it('without keys has a message about it', () => {
    assert.match(codecIssuesOf(struct('discard', {}), { a: 1 })[0]?.expected ?? '', /discard has no options/);
  });

  it('may have a condition as a whole, which is checked last', () => {
    const either = refineStruct(
      struct('ammo', { file: optional(text, '', ''), uris: optional(listOf(text), [], '') }),
      (v) =>
        (v.file === '') === (v.uris.length === 0)
          ? { code: 'bad-value', expected: 'the key file or the key uris' }
          : undefined,
    );
    assert.deepEqual(Object.keys(either.fields), ['file', 'uris']);
    assert.ok(isRight(either.decode({ file: 'a' })));
    assert.deepEqual(pathsOf(codecIssuesOf(either, {})), [' bad-value']);
    assert.deepEqual(pathsOf(codecIssuesOf(struct('pool', { ammo: required(either, '') }), { ammo: {} })), [
      '/ammo bad-value',
    ]);
    assert.deepEqual(pathsOf(codecIssuesOf(either, { file: 1 })), ['/file wrong-type']);
    assert.ok(!either.is({}));
  });

  it('may have conditions on its parts: each issue is at the part, under the key as written', () => {
    const fields = { requestLines: optional(listOf(text), [], ''), data: optional(mapOf(text), {}, '') };
    const codec = refineStruct(struct('ammo', fields), ({ requestLines, data }) => [
      ...requestLines.flatMap((line, i) =>
        line === 'bad' ? [{ code: 'bad-value' as const, expected: 'good', at: ['requestLines', i] }] : [],
      ),
      ...Object.keys(data).map((key) => ({ code: 'min' as const, expected: 'less', at: ['data', key, 'deeper'] })),
    ]);
    const raw = { Request_Lines: ['bad', 'ok', 'bad'], data: { A: 'x' } };
    const issues = codecIssuesOf(struct('pool', { ammo: required(codec, '') }), { ammo: raw });
    assert.deepEqual(pathsOf(issues), [
      '/ammo/Request_Lines/0 bad-value',
      '/ammo/Request_Lines/2 bad-value',
      '/ammo/data/A min',
    ]);
    assert.deepEqual(
      issues.map(({ value }) => value),
      ['bad', 'bad', 'x'],
    );
    assert.ok(isRight(codec.decode({ Request_Lines: ['ok'] })));
  });

  it('warns about accepted values that are probably not intended', () => {
    const codec = struct('s', {
      every: optional(atLeastMs(0), 0, ''),
      inner: optional(struct('t', { count: optional(atLeast(integer, 0), 0, '') }), { count: 0 }, ''),
    });
    const advice = (raw: unknown): readonly string[] =>
      adviceFor(codec, raw, []).map(({ context, message }) => `${context.map(({ key }) => key).join('.')} ${message}`);
    assert.deepEqual(advice({ every: '5s', inner: { count: 2 } }), []);
    const [first = '', second = ''] = advice({ every: 5, Inner: { count: 2.5 } });
    assert.match(first, /^every .*nanoseconds/);
    assert.match(second, /^Inner\.count 2\.5 counts as 2: the fraction is cut off$/);
  });
});

describe('properties', () => {
  it('reads every whole number back from its text', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        assert.equal(parseInteger(String(n)), n);
        const [sign, size] = n < 0 ? ['-', -n] : ['', n];
        assert.equal(parseInteger(`${sign}0x${size.toString(16)}`), n);
        assert.equal(parseInteger(`${sign}0b${size.toString(2)}`), n);
      }),
    );
  });

  it('a duration is the sum of its parts, in any order', () => {
    const unit = fc.constantFrom(
      ['ns', 1],
      ['us', 1e3],
      ['ms', 1e6],
      ['s', 1e9],
      ['m', 60e9],
      ['h', 3600e9],
    ) as fc.Arbitrary<[string, number]>;
    const part = fc.tuple(fc.nat(999), unit);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, negative) => {
        const written = parts.map(([n, [name]]) => `${n}${name}`).join('');
        const sum = parts.reduce((total, [n, [, ns]]) => total + n * ns, 0);
        assert.equal(parseDuration(`${negative ? '-' : ''}${written}`), (negative && sum > 0 ? -sum : sum) / 1e6);
      }),
    );
  });

  it('a duration that is encoded and decoded is the same, to the nanosecond', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        const ns = n % 2 ** 50;
        const decoded = duration.decode(`${ns}ns`);
        if (isLeft(decoded)) assert.fail();
        assert.equal(nanosOf(decoded.right), ns);
        assert.deepEqual(duration.decode(duration.encode(decoded.right)), decoded);
      }),
    );
  });

  it('a scalar gets the text of a reference, and whether it was one', () => {
    const seen: unknown[] = [];
    const codec = scalar<number>('anything', (raw, referenced) => {
      seen.push([raw, referenced]);
      return raw === 'bad' ? { code: 'bad-value' } : { value: 1 };
    });
    codec.decode(ref('5'));
    codec.decode('5');
    assert.deepEqual(seen, [
      ['5', true],
      ['5', false],
    ]);
    const refused = codec.decode(ref('bad'));
    assert.ok(
      isLeft(refused) && Object(refused.left)[0]?.value instanceof Reference,
      'messages show the reference as written',
    );
  });

  it('no value makes a codec throw', () => {
    const codecs = [integer, float, flag, text, duration, byteSize, url, ipAddress, urlPath, header, listOf(text)];
    const struct1 = struct('s', { a: optional(mapOf(text), {}, ''), b: optional(listOf(integer), [], '') });
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (raw) => {
        for (const codec of [...codecs, struct1]) codec.decode(raw);
      }),
    );
  });
});
