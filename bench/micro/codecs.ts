import { CsvBatch } from '../../lib/aggregators/csv.js';
import type { Encoder } from '../../lib/aggregators/encoding/encodedBatch.js';
import { jsonEncoder } from '../../lib/aggregators/jsonlines.js';
import { phoutEncoder } from '../../lib/aggregators/phout.js';
import { builtins } from '../../lib/builtins/builtins.js';
import { decodeConfig } from '../../lib/config/decodeConfig.js';
import type { NetSample } from '../../lib/protocols/netSample.js';
import type { HttpRow } from '../../lib/providers/http/decoding.js';
import type { HttpFormat } from '../../lib/providers/http/httpFields.js';
import { HTTP_FORMATS } from '../../lib/providers/http/providers.js';
import { BadAmmoPolicy } from '../../lib/providers/reading/ammoError.js';
import { fakeDeps } from '../../lib/testing/fakeDeps.js';
import { ResponseHeadCache } from '../../lib/wire/http1/parser/headCache.js';
import { ResponseParser } from '../../lib/wire/http1/parser/responseParser.js';
import { encodeRequest } from '../../lib/wire/http1/request.js';
import type { MicroBench, Work } from './microBench.js';
import { sampleOf } from './sampleOf.js';

const NGINX =
  'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\n' +
  'Content-Length: 12\r\nConnection: keep-alive\r\n\r\nhello world\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n6\r\nworld\n\r\n0\r\n\r\n';

function parsing(text: string, memo?: ResponseHeadCache): Work {
  const bytes = Buffer.from(text);
  const parser = new ResponseParser();
  return (items) => {
    for (let i = 0; i < items; i++) {
      parser.begin(false, memo);
      parser.feed(bytes, 0, bytes.length);
    }
    if (!parser.done) throw new Error('the response was not read to its end');
  };
}

const ROWS = 1000;
const PIECE = 64 * 1024;
const AMMO: Readonly<Record<HttpFormat, (index: number) => string>> = {
  uri: (i) => `/shop/item/${i}?page=${i % 7} item\n`,
  uripost: (i) => `20 /shop/item/${i} item\n${'b'.repeat(20)}\n`,
  raw: (i) => {
    const request = `POST /shop/item/${i} HTTP/1.1\r\nHost: example.com\r\nContent-Length: 20\r\n\r\n${'b'.repeat(20)}`;
    return `${request.length} item\n${request}\n`;
  },
  jsonline: (i) =>
    `${JSON.stringify({ host: 'example.com', method: 'GET', uri: `/item/${i}`, tag: 'item', headers: { A: 'b' } })}\n`,
};

/** Whole passes over a thousand rows, in pieces of 64 KiB. */
function decoding(format: HttpFormat): Work {
  const bytes = Buffer.from(Array.from({ length: ROWS }, (_, i) => AMMO[format](i)).join(''));
  const troubles = new BadAmmoPolicy({ ...fakeDeps(), name: 'ammo', tolerant: false, reports: true });
  return (items) => {
    for (let left = items; left > 0; left -= ROWS) {
      const rows: HttpRow[] = [];
      const decoder = HTTP_FORMATS[format]({ name: 'bench', headers: [], maxSize: 0, troubles });
      for (let at = 0; at < bytes.length; at += PIECE) decoder.push(bytes.subarray(at, at + PIECE), rows);
      decoder.end(rows);
      if (rows.length !== ROWS) throw new Error(`${rows.length} rows were decoded, expected ${ROWS}`);
    }
  };
}

function encoding(encode: Encoder<NetSample>): Work {
  const buffer = Buffer.alloc(PIECE);
  let index = 0;
  return (items) => {
    let at = 0;
    for (let i = 0; i < items; i++) {
      const sample = sampleOf(index++);
      const end = encode(sample, buffer, at);
      at = end < 0 ? encode(sample, buffer, 0) : end;
    }
  };
}

const REQUEST = {
  method: 'GET',
  target: '/shop/item/1',
  path: '/shop/item/1',
  host: 'example.com',
  headers: [['Accept', '*/*']] as const,
  body: null,
  chunked: false,
  close: false,
};

const CONFIG = {
  pools: [
    {
      gun: { type: 'http', target: 'localhost:80' },
      ammo: { type: 'uri', uris: ['/'] },
      result: { type: 'phout', destination: 'phout.log' },
      rps: [{ type: 'line', from: 1, to: 100, duration: '10s' }],
      startup: { type: 'once', times: 10 },
    },
  ],
};

/** One bench per codec. */
export const CODECS: readonly MicroBench[] = [
  ...(['uri', 'uripost', 'raw', 'jsonline'] as const).map((format) => ({
    name: `decode ${format}`,
    work: () => decoding(format),
  })),
  { name: 'encode phout', work: () => encoding(phoutEncoder({ id: false })) },
  { name: 'encode json', work: () => encoding(jsonEncoder()) },
  {
    name: 'encode csv',
    work: () => {
      const batch = new CsvBatch();
      return (items) => {
        for (let i = 0; i < items; i++) {
          const sample = sampleOf(i);
          if (!batch.add(sample)) {
            batch.take();
            batch.add(sample);
          }
        }
      };
    },
  },
  { name: 'parse answer', work: () => parsing(NGINX) },
  { name: 'parse answer, known head', work: () => parsing(NGINX, new ResponseHeadCache()) },
  { name: 'parse answer, chunked', work: () => parsing(CHUNKED) },
  {
    name: 'encode request',
    work: () => (items) => {
      for (let i = 0; i < items; i++)
        encodeRequest(REQUEST, { host: 'localhost', disableKeepAlives: false, acceptGzip: false });
    },
  },
  {
    name: 'decode config',
    work: () => (items) => {
      for (let i = 0; i < items; i++)
        if (decodeConfig(CONFIG, builtins())._tag === 'Left') throw new Error('the config is not valid');
    },
  },
];
