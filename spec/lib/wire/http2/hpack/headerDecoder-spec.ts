import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeHead } from '../../../../../lib/wire/http2/hpack/encodeHead.js';
import { HeaderDecoder } from '../../../../../lib/wire/http2/hpack/headerDecoder.js';
import type { Field } from '../../../../../lib/wire/http2/hpack/staticTable.js';

const LIMIT = 4096;
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const decode = (decoder: HeaderDecoder, bytes: Uint8Array): readonly Field[] | 'error' =>
  decoder.decode(bytes, 0, bytes.length) ? decoder.fields : 'error';

const DATE = 'Mon, 21 Oct 2013 20:13:2';
const LOCATION = 'https://www.example.com';
const COOKIE = 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';
const fields = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(' | '));

const REQUESTS = [
  fields(':method | GET\n:scheme | http\n:path | /\n:authority | www.example.com'),
  fields(':method | GET\n:scheme | http\n:path | /\n:authority | www.example.com\ncache-control | no-cache'),
  fields(
    ':method | GET\n:scheme | https\n:path | /index.html\n:authority | www.example.com\ncustom-key | custom-value',
  ),
];
const RESPONSES = [
  fields(`:status | 302\ncache-control | private\ndate | ${DATE}1 GMT\nlocation | ${LOCATION}`),
  fields(`:status | 307\ncache-control | private\ndate | ${DATE}1 GMT\nlocation | ${LOCATION}`),
  fields(
    `:status | 200\ncache-control | private\ndate | ${DATE}2 GMT\nlocation | ${LOCATION}\ncontent-encoding | gzip\nset-cookie | ${COOKIE}`,
  ),
];
/** A change of the table size to 256, which the examples of responses assume. */
const TABLE_256 = '3fe101';

/** The examples of RFC 7541, appendix C: the blocks of one connection, and the fields of each. */
const EXAMPLES: [section: string, blocks: string[], expected: string[][][]][] = [
  [
    'C.2.1: a literal that is indexed',
    ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572'],
    [[['custom-key', 'custom-header']]],
  ],
  ['C.2.2: a literal without indexing', ['040c 2f73 616d 706c 652f 7061 7468'], [[[':path', '/sample/path']]]],
  [
    'C.2.3: a literal that is never indexed',
    ['1008 7061 7373 776f 7264 0673 6563 7265 74'],
    [[['password', 'secret']]],
  ],
  ['C.2.4: an indexed field', ['82'], [[[':method', 'GET']]]],
  [
    'C.3: requests without Huffman codes',
    [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
    REQUESTS,
  ],
  [
    'C.4: requests with Huffman codes',
    [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
    REQUESTS,
  ],
  [
    'C.5: responses without Huffman codes, and evictions',
    [
      `${TABLE_256} 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120
       474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
      '4803 3330 37c1 c0bf',
      `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d
       4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572
       7369 6f6e 3d31`,
    ],
    RESPONSES,
  ],
  [
    'C.6: responses with Huffman codes, and evictions',
    [
      `${TABLE_256} 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718
       63c7 8f0b 97c8 e9ae 82ae 43d3`,
      '4883 640e ffc1 c0bf',
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf
       cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
    ],
    RESPONSES,
  ],
];

describe('HeaderDecoder decodes the examples of RFC 7541', () => {
  for (const [section, blocks, expected] of EXAMPLES) {
    it(section, () => {
      const decoder = new HeaderDecoder(LIMIT);
      const decoded = blocks.map((block) => decode(decoder, bytesOf(block.replaceAll('\n', ''))));
      assert.deepEqual(decoded, expected);
    });
  }
});

const ERRORS: [sentence: string, hex: string][] = [
  ['index 0', '80'],
  ['an index that the table does not have', 'be'],
  ['the name of an entry that the table does not have', '7e 01 61'],
  ['an index without its end', 'ff'],
  ['an index above every limit', 'ff ff ff ff ff 0f'],
  ['an index that never ends', 'ff ff ff ff ff ff ff ff ff'],
  ['a literal without a name', '40'],
  ['a name longer than the block', '40 05 61 62'],
  ['a literal without a value', '40 01 61'],
  ['a value longer than the block', '40 01 61 05 62'],
  ['a Huffman code with the end of text inside', '40 01 61 84 ff ff ff ff'],
  ['a Huffman code with 8 bits of padding', '40 01 61 82 1f ff'],
  ['a Huffman code whose padding is not ones', '40 01 61 81 18'],
  ['a table larger than announced', '3f e2 1f'],
  ['three changes of the table size', '20 20 20 82'],
  ['a change of the table size after a field', '82 20'],
];

describe('HeaderDecoder refuses', () => {
  for (const [sentence, hex] of ERRORS) {
    it(sentence, () => assert.equal(decode(new HeaderDecoder(LIMIT), bytesOf(hex)), 'error'));
  }
});

describe('HeaderDecoder', () => {
  it('accepts the largest table, and an entry larger than the table empties it', () => {
    const decoder = new HeaderDecoder(LIMIT);
    assert.deepEqual(decode(decoder, bytesOf('3f e1 1f 82')), [[':method', 'GET']]);
    assert.deepEqual(decode(decoder, bytesOf('40 01 61 01 62')), [['a', 'b']]);
    assert.deepEqual(decode(decoder, bytesOf('be')), [['a', 'b']]);
    assert.deepEqual(decode(decoder, bytesOf('3f 02 40 01 61 01 62')), [['a', 'b']]);
    assert.equal(decode(decoder, bytesOf('be')), 'error');
  });

  it('keeps no field of a list above the limit, and stays in step with the peer', () => {
    const decoder = new HeaderDecoder(35);
    assert.deepEqual(decode(decoder, bytesOf('40 01 61 01 62 40 01 63 01 64')), []);
    assert.equal(decoder.tooLong, true);
    assert.deepEqual(decode(decoder, bytesOf('be')), [['c', 'd']]);
    assert.equal(decoder.tooLong, false);
  });

  it('says which blocks mean the same with any table, and whether its own has room', () => {
    const decoder = new HeaderDecoder(LIMIT);
    const says = (hex: string): boolean[] => {
      decode(decoder, bytesOf(hex));
      return [decoder.anyTable, decoder.emptyTable];
    };
    assert.deepEqual(says('88 00 01 61 01 62'), [true, false]);
    assert.deepEqual(says('88 40 01 61 01 62'), [false, false]);
    assert.deepEqual(says('be'), [false, false]);
    assert.deepEqual(says('20 88'), [false, true]);
    assert.deepEqual(says('88'), [true, true]);
  });

  it('decodes what encodeHead encodes, for any texts', () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
    const names = fc.constantFrom('a', 'cookie', ':path', 'content-type', 'authorization', 'accept-encoding');
    const values = fc.oneof(
      text,
      fc.constantFrom('/', 'GET', 'gzip, deflate', ''),
      text.map((each) => each.repeat(40)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values)), (list) => {
        const decoder = new HeaderDecoder(10_000_000);
        assert.deepEqual(decode(decoder, encodeHead(list).block), list);
        assert.equal(decoder.anyTable, true);
      }),
    );
  });

  it('reads any bytes without an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (blocks) => {
        const decoder = new HeaderDecoder(LIMIT);
        for (const block of blocks) {
          decode(decoder, block);
          assert.ok(decoder.fields.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0) <= LIMIT);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('encodeHead', () => {
  it('writes indexed fields, names of the table, Huffman codes where they are shorter, and secrets that are never indexed', () => {
    const encoded = encodeHead([
      [':method', 'GET'],
      [':authority', 'www.example.com'],
      ['x', '!'],
      ['cookie', 'aaa'],
    ]);
    assert.equal(Buffer.from(encoded.block).toString('hex'), '82018cf1e3c2e5f23a6ba0ab90f4ff00017801211f118218c7');
    assert.equal(encoded.forHead, false);
    assert.equal(encodeHead([[':method', 'HEAD']]).forHead, true);
  });

  it('takes an integer of 4 bytes more, and none of 5, although they only have zeros', () => {
    // A name of one letter, and a value whose length of 127 is written with as many bytes.
    const block = (zeros: number): Buffer =>
      Buffer.concat([Buffer.of(0, 1, 0x61, 0x7f, ...Array<number>(zeros - 1).fill(0x80), 0), Buffer.alloc(127, 'b')]);
    assert.deepEqual(decode(new HeaderDecoder(LIMIT), block(4)), [['a', 'b'.repeat(127)]]);
    assert.equal(decode(new HeaderDecoder(LIMIT), block(5)), 'error');
  });
});
