import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CAPTURE_NOTHING } from '../../../../lib/wire/http1/capture.js';
import { ResponseHeadCache } from '../../../../lib/wire/http1/parser/headCache.js';
import { ResponseParser } from '../../../../lib/wire/http1/parser/responseParser.js';

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly compress: boolean;
  readonly raw: string;
  readonly dump: string;
  readonly length: number;
  readonly error?: string;
}
const { responses } = JSON.parse(readFileSync(new URL('../../../vectors/responses.json', import.meta.url), 'utf8')) as {
  responses: readonly Vector[];
};

/** What Elpis counts otherwise, and why: docs/PANDORA.md says so. */
const DIFFERENT = new Map([
  ['gzip that is none', 'Go fails; Elpis does not unpack, and counts what was received'],
  ['gzip in two members', 'Elpis counts the size that the last part states'],
]);

function read(parser: ResponseParser, { raw, method }: Vector, piece: number, cache?: ResponseHeadCache): void {
  const bytes = Buffer.from(raw, 'latin1');
  parser.begin(method === 'HEAD', cache);
  for (let at = 0; at < bytes.length && !parser.done; at += piece) {
    parser.feed(bytes, at, Math.min(bytes.length, at + piece));
  }
  if (!parser.done) parser.finish();
  assert.equal(parser.reason, '');
}

describe('a response has the size of its dump in Go', () => {
  for (const vector of responses) {
    const { name, compress, length, raw } = vector;
    if (DIFFERENT.has(name)) continue;
    it(name, () => {
      const rule = { ...CAPTURE_NOTHING, dumps: 'all', asksGzip: compress } as const;
      for (const piece of [raw.length, 1, 7]) {
        const parser = new ResponseParser(rule);
        read(parser, vector, piece);
        assert.equal(parser.dumpBytes, length, `in pieces of ${piece}`);
      }
      const parser = new ResponseParser(rule);
      const cache = new ResponseHeadCache();
      for (const _ of [1, 2, 3]) {
        read(parser, vector, raw.length, cache);
        assert.equal(parser.dumpBytes, length, 'with a head in the cache');
      }
    });
  }
});

describe('a response is logged with the bytes of its dump in Go', () => {
  for (const vector of responses) {
    const { name, compress, dump } = vector;
    if (DIFFERENT.has(name) && name !== 'gzip in two members') continue;
    it(name, () => {
      const rule = { ...CAPTURE_NOTHING, fromStatus: 0, dumps: 'kept', asksGzip: compress, maxBody: 1 << 20 } as const;
      const parser = new ResponseParser(rule);
      read(parser, vector, 7);
      assert.equal(parser.capture.dump.toString('latin1'), dump);
    });
  }
});

describe('a gzip body', () => {
  const find = (name: string): Vector => {
    const vector = responses.find((each) => each.name === name);
    assert.ok(vector !== undefined);
    return vector;
  };
  const rule = { ...CAPTURE_NOTHING, dumps: 'all', asksGzip: true } as const;

  it('that is none is counted as received', () => {
    const parser = new ResponseParser(rule);
    read(parser, find('gzip that is none'), 3);
    assert.equal(parser.dumpBytes, 'HTTP/1.1 200 OK\r\n\r\nhello'.length);
  });

  it('in two parts is counted with the size of the last', () => {
    const parser = new ResponseParser(rule);
    read(parser, find('gzip in two members'), 3);
    assert.equal(parser.dumpBytes, 19 + 1200);
  });

  it('that unpacks to more than max-body is logged as received', () => {
    const vector = find('gzip with a length');
    const parser = new ResponseParser({ ...rule, fromStatus: 0, maxBody: 1199 });
    read(parser, vector, vector.raw.length);
    assert.ok(parser.capture.dump.length < 100);
  });
});
