import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveRedirect } from '../../../../lib/guns/shared/redirect.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { OriginCache } from '../../../../lib/wire/dial/origin.js';
import { type EncodeOptions, encodeRequest } from '../../../../lib/wire/http1/request.js';
import { request } from '../../guns/gunBench.js';

const PLAIN: EncodeOptions = { host: 'target', disableKeepAlives: false, acceptGzip: false };
const UA = 'User-Agent: Go-http-client/1.1\r\n';

type Row = [sentence: string, changed: Partial<HttpRequest>, bytes: string, options?: Partial<EncodeOptions>];
const ROWS: Row[] = [
  ['the least', {}, `GET / HTTP/1.1\r\nHost: target\r\n${UA}\r\n`],
  ['a host of the ammo', { host: 'a.test:8080' }, `GET / HTTP/1.1\r\nHost: a.test:8080\r\n${UA}\r\n`],
  [
    'a method and a target as written',
    { method: 'get', target: '/a%20b?ü' },
    `get /a%20b?ü HTTP/1.1\r\nHost: target\r\n${UA}\r\n`,
  ],
  [
    'its own user agent, trimmed',
    { headers: [['User-Agent', ' me ']] },
    'GET / HTTP/1.1\r\nHost: target\r\nUser-Agent: me\r\n\r\n',
  ],
  ['no user agent when it is empty', { headers: [['User-Agent', '']] }, 'GET / HTTP/1.1\r\nHost: target\r\n\r\n'],
  [
    'headers sorted by name, repeated ones in order',
    {
      headers: [
        ['B', '2'],
        ['A', 'z'],
        ['B', '1'],
        ['A', 'a'],
      ],
    },
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}A: z\r\nA: a\r\nB: 2\r\nB: 1\r\n\r\n`,
  ],
  ['an empty header', { headers: [['A', '']] }, `GET / HTTP/1.1\r\nHost: target\r\n${UA}A: \r\n\r\n`],
  [
    'not the headers that the client writes itself',
    {
      headers: [
        ['Host', 'x'],
        ['Content-Length', '99'],
        ['Transfer-Encoding', 'x'],
        ['Trailer', 'x'],
      ],
    },
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}\r\n`,
  ],
  [
    'a length with a body',
    { body: Buffer.from('hé') },
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}Content-Length: 3\r\n\r\nhé`,
  ],
  ...['POST', 'PUT', 'PATCH'].map(
    (method): Row => [
      `a length of 0 for ${method}`,
      { method },
      `${method} / HTTP/1.1\r\nHost: target\r\n${UA}Content-Length: 0\r\n\r\n`,
    ],
  ),
  ['no length for DELETE', { method: 'DELETE' }, `DELETE / HTTP/1.1\r\nHost: target\r\n${UA}\r\n`],
  [
    'one chunk',
    { method: 'POST', body: Buffer.from('0123456789abcdef'), chunked: true },
    `POST / HTTP/1.1\r\nHost: target\r\n${UA}Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n`,
  ],
  [
    'no chunk',
    { method: 'POST', chunked: true },
    `POST / HTTP/1.1\r\nHost: target\r\n${UA}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'gzip',
    { headers: [['Z', '1']] },
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}Z: 1\r\nAccept-Encoding: gzip\r\n\r\n`,
    { acceptGzip: true },
  ],
  [
    'no gzip when the ammo chose',
    { headers: [['Accept-Encoding', 'br']] },
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}Accept-Encoding: br\r\n\r\n`,
    { acceptGzip: true },
  ],
  ['close for one-shot ammo', { close: true }, `GET / HTTP/1.1\r\nHost: target\r\n${UA}Connection: close\r\n\r\n`],
  [
    'close last, after gzip',
    {},
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}Accept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
    { disableKeepAlives: true, acceptGzip: true },
  ],
  [
    'close once',
    {
      close: true,
      headers: [
        ['Connection', 'close'],
        ['X', '1'],
      ],
    },
    `GET / HTTP/1.1\r\nHost: target\r\n${UA}Connection: close\r\nX: 1\r\n\r\n`,
  ],
];

describe('encodeRequest writes', () => {
  for (const [sentence, changed, bytes, options] of ROWS) {
    it(sentence, () => {
      const encoded = encodeRequest(request(changed), { ...PLAIN, ...options });
      assert.equal(encoded.bytes.toString(), bytes);
      assert.equal(encoded.headBytes, Buffer.byteLength(bytes.slice(0, bytes.indexOf('\r\n\r\n') + 4)));
    });
  }
});

describe('encodeRequest', () => {
  const REFUSED: [string, Partial<HttpRequest>][] = [
    ['a line end in a value', { headers: [['A', 'b\nC: d']] }],
    ['a NUL in a value', { headers: [['A', '\0']] }],
    ['a header name with a blank', { headers: [['A b', 'c']] }],
    ['an empty header name', { headers: [['', 'c']] }],
    ['a method with a blank', { method: 'GET /x' }],
    ['an empty method', { method: '' }],
    ['a line end in the target', { target: '/\r\nX: y' }],
    ['a line end in a trailer', { chunked: true, trailers: { names: ['A'], values: [['A', 'b\r\nC: d']] } }],
  ];
  for (const [sentence, changed] of REFUSED) {
    it(`refuses ${sentence}`, () => assert.notEqual(encodeRequest(request(changed), PLAIN).refusal, ''));
  }

  it('knows what may be repeated, what closes and what waits', () => {
    const of = (changed: Partial<HttpRequest>) => encodeRequest(request(changed), PLAIN);
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE']) assert.ok(of({ method }).replayable);
    for (const method of ['POST', 'PUT', 'DELETE', 'get']) assert.ok(!of({ method }).replayable);
    assert.ok(of({ method: 'POST', headers: [['Idempotency-Key', '1']] }).replayable);
    assert.ok(of({ headers: [['Connection', 'x, Close']] }).close);
    assert.ok(of({ body: Buffer.from('x'), headers: [['Expect', '100-Continue']] }).expectsContinue);
    assert.ok(!of({ headers: [['Expect', '100-continue']] }).expectsContinue);
  });
});

describe('nextHop', () => {
  const book = new OriginCache();
  const origin = book.get('h.test', 80, false);
  const posted = request({
    method: 'POST',
    target: '/a/b',
    host: 'h.test',
    body: Buffer.from('x'),
    headers: [
      ['Content-Type', 't'],
      ['Cookie', 'c'],
    ],
  });
  const ROWS: [sentence: string, status: number, location: string, line: string, to: string][] = [
    ['a path', 302, '/x?q', 'GET /x?q h.test', 'http h.test 80'],
    ['a relative path', 301, 'c', 'GET /a/c h.test', 'http h.test 80'],
    ['another host', 303, 'http://i.test/', 'GET / i.test', 'http i.test 80'],
    ['another scheme and no path', 308, '//[::1]:8080', 'POST / [::1]:8080', 'http ::1 8080'],
    ['TLS', 307, 'https://h.test/s', 'POST /s h.test', 'https h.test 443'],
  ];
  for (const [sentence, status, location, line, to] of ROWS) {
    it(`goes to ${sentence}`, () => {
      const hop = resolveRedirect({ origin, request: posted }, status, location, book);
      assert.ok('request' in hop);
      assert.equal(`${hop.request.method} ${hop.request.target} ${hop.request.host}`, line);
      assert.equal(`${hop.origin.ssl ? 'https' : 'http'} ${hop.origin.host} ${hop.origin.port}`, to);
      assert.equal(hop.request.body !== null, status >= 307);
      const names = hop.request.headers.map(([name]) => name);
      assert.equal(names.includes('Content-Type'), status >= 307);
      assert.equal(names.includes('Cookie'), hop.request.host === 'h.test');
      assert.ok(names.includes('Referer'));
    });
  }
  for (const location of ['http://', 'http://a:0/', 'mailto:x', 'http://[']) {
    it(`refuses ${location}`, () =>
      assert.ok(resolveRedirect({ origin, request: posted }, 302, location, book) instanceof Error));
  }
});
