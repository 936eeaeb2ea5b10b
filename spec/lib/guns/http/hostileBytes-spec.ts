import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type * as net from 'node:net';
import { describe, it } from 'node:test';
import { http } from '../../../../lib/guns/http/gun.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { type Fields, GunBench, ScriptedServer } from '../gunBench.js';
import { TurnClock } from '../turnClock.js';

type Play = (socket: net.Socket) => void;
/** A fault, the behaviour of the server, and the values of the sample: `net status name-of-failure`. */
type Row = [fault: string, play: Play | string, expected: string, changed?: Partial<HttpRequest>];

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const BAD = '999 0 bad response';
const BAD_BODY = '999 200 bad response';
const EARLY = '999 0 closed early';
const SHORT = '999 200 body too short';
const FINE = '0 200';
const head = (...lines: string[]): string => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const chunked = (body: string): string => head('Transfer-Encoding: chunked') + body;

const end =
  (text: string): Play =>
  (socket) =>
    socket.end(text, 'latin1');
/** Sends bytes and resets the connection, so that both arrive together, which Node reports as an end. */
const reset =
  (text: string): Play =>
  (socket) => {
    if (text !== '') socket.write(text);
    socket.resetAndDestroy();
  };
/** Sends a beginning, and then the same bytes until the gun closes. */
const flood =
  (begin: string, piece: string): Play =>
  (socket) => {
    const many = piece.repeat(Math.ceil(65_536 / piece.length));
    socket.write(begin);
    const more = (): void => {
      if (!socket.destroyed) socket.write(many, more);
    };
    more();
  };
const drip =
  (text: string): Play =>
  (socket) => {
    let at = 0;
    const more = (): void => {
      if (at < text.length && !socket.destroyed) socket.write(text[at++] as string, more);
    };
    more();
  };

const STATUS_LINES: Row[] = [
  ['no byte', end(''), EARLY],
  ['text that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', BAD],
  ['zeros', '\0'.repeat(300_000), BAD],
  ['a first line that never ends', flood('', 'x'), BAD],
  ['a first line of zeros that never ends', flood('HTTP/1.1 200 ', '\0'), BAD],
  ['an empty line before the status line', `\r\n${OK}`, BAD],
  ['HTTP/0.9, a body without a head', end('<html>hello</html>'), EARLY],
  ['HTTP/2.0', OK.replace('1.1', '2.0'), FINE],
  ['a version of two digits', OK.replace('1.1', '1.10'), BAD],
  ['a status that is no number', OK.replace('200', '2x0'), BAD],
  ['a status of two digits', OK.replace('200', '20'), BAD],
  ['a status of four digits', OK.replace('200', '2000'), BAD],
  ['a negative status', OK.replace('200', '-20'), BAD],
  ['status 000', OK.replace('200', '000'), BAD],
  ['status 999', OK.replace('200', '999'), '0 999'],
  ['no reason', OK.replace(' OK', ''), FINE],
  ['a NUL in the reason', OK.replace('OK', 'O\0K'), FINE],
  ['lines that end in LF alone', OK.replaceAll('\r', ''), FINE],
  ['half a status line and a close', end('HTTP/1.1 2'), EARLY],
  ['half a status line and a reset', reset('HTTP/1.1 2'), '104 0 connection reset'],
];

const HEADERS: Row[] = [
  ['a header without a colon', head('nonsense', 'Content-Length: 0'), BAD],
  ['a header without a name', head(': x', 'Content-Length: 0'), BAD],
  ['a blank before the colon', head('A : x', 'Content-Length: 0'), BAD],
  ['a NUL in the name of a header', head('A\0: x', 'Content-Length: 0'), BAD],
  ['a NUL in the value of a header', head('A: \0', 'Content-Length: 0'), FINE],
  ['a folded header (obs-fold)', head('A: x', '  y', 'Content-Length: 0'), FINE],
  ['a fold before the first header', head(' x', 'Content-Length: 0'), BAD],
  ['a Content-Length that is folded', head('Content-Length:', ' 0'), FINE],
  ['folds that never end', flood('HTTP/1.1 200 OK\r\nA: x\r\n', ' y\r\n'), BAD],
  ['headers that never end', flood('HTTP/1.1 200 OK\r\n', 'A: x\r\n'), BAD],
  ['a header that never ends', flood('HTTP/1.1 200 OK\r\nA: ', 'x'), BAD],
  ['a close in the headers', end('HTTP/1.1 200 OK\r\nA: '), EARLY],
  ['a reset in the headers', reset('HTTP/1.1 200 OK\r\nA: '), '104 0 connection reset'],
];

const LENGTHS: Row[] = [
  ['a negative Content-Length', head('Content-Length: -1'), BAD],
  ['a Content-Length with a plus', head('Content-Length: +1'), BAD],
  ['a Content-Length that is no number', head('Content-Length: 0x1'), BAD],
  ['an empty Content-Length', head('Content-Length: '), BAD],
  ['a Content-Length above 2^64', head('Content-Length: 18446744073709551617'), BAD],
  ['a list of Content-Lengths', head('Content-Length: 0, 0'), BAD],
  ['two different Content-Lengths', head('Content-Length: 1', 'Content-Length: 2'), BAD],
  ['two equal Content-Lengths', `${head('Content-Length: 2', 'Content-Length: 2')}ok`, FINE],
  ['a body shorter than its Content-Length', end(`${head('Content-Length: 9')}hi`), SHORT],
  ['a body longer than its Content-Length', `${head('Content-Length: 2')}hello`, FINE],
  ['a Content-Length and chunks', `${head('Content-Length: 99', 'Transfer-Encoding: chunked')}0\r\n\r\n`, FINE],
  ['a reset in the body', reset(`${head('Content-Length: 9')}hi`), '104 200 connection reset'],
  ['a reset in a body that ends with the connection', reset(`${head()}hi`), '104 200 connection reset'],
  ['a body for HEAD', OK, FINE, { method: 'HEAD' }],
  ['a body for 204', 'HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok', '0 204'],
  ['a body for 304', 'HTTP/1.1 304 No\r\nContent-Length: 2\r\n\r\nok', '0 304'],
];

const CHUNKS: Row[] = [
  ['a chunk size that is no number', chunked('xyz\r\n'), BAD_BODY],
  ['a negative chunk size', chunked('-1\r\n'), BAD_BODY],
  ['a chunk size with 0x', chunked('0x1\r\na\r\n'), BAD_BODY],
  ['an empty chunk size', chunked('\r\n'), BAD_BODY],
  ['a chunk size above 2^64', chunked('10000000000000001\r\n'), BAD_BODY],
  ['a chunk size of zeros that never ends', flood(chunked(''), '0'), BAD_BODY],
  ['a chunk extension that never ends', flood(chunked('1;a='), 'x'), BAD_BODY],
  ['no line end after a chunk', chunked('1\r\nab'), BAD_BODY],
  ['a close in a chunk', end(chunked('9\r\nhi')), SHORT],
  ['a close before the last chunk', end(chunked('2\r\nhi\r\n')), SHORT],
  ['a close before the end of the trailers', end(chunked('0\r\n')), SHORT],
  ['a reset in a chunk', reset(chunked('9\r\nhi')), '104 200 connection reset'],
  ['a trailer', chunked('0\r\nA: x\r\n\r\n'), FINE],
  ['a trailer without a colon', chunked('0\r\nnonsense\r\n\r\n'), BAD_BODY],
  ['trailers that never end', flood(chunked('0\r\n'), 'A: x\r\n'), BAD_BODY],
  ['another Transfer-Encoding', head('Transfer-Encoding: gzip, chunked'), BAD],
  ['Transfer-Encoding twice', head('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'), BAD],
  ['chunks in HTTP/1.0, which has none', end(chunked('0\r\n\r\n').replace('HTTP/1.1', 'HTTP/1.0')), FINE],
  ['chunks of one byte', chunked(`${'1\r\nx\r\n'.repeat(20_000)}0\r\n\r\n`), FINE],
];

const INTERIM: Row[] = [
  ['100 Continue that nothing asked for', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, FINE],
  ['a hundred interim responses', 'HTTP/1.1 103 Early\r\n\r\n'.repeat(100) + OK, FINE],
  ['interim responses that never end', flood('', 'HTTP/1.1 103 Early\r\n\r\n'), BAD],
  ['an interim response with a Content-Length', `HTTP/1.1 102 Wait\r\nContent-Length: 9\r\n\r\n${OK}`, FINE],
  ['an interim response and a close', end('HTTP/1.1 103 Early\r\n\r\n'), EARLY],
  ['101 Switching Protocols', 'HTTP/1.1 101 Switch\r\n\r\n\x00\x01', '0 101'],
];

const large = { method: 'POST', body: Buffer.alloc(8 * 1024 * 1024, 'x') };
const MOMENTS: Row[] = [
  ['one byte at a time', drip(OK), FINE],
  ['one byte of a chunked response at a time', drip(chunked('2\r\nhi\r\n0\r\nA: x\r\n\r\n')), FINE],
  ['a close right after the response', end(OK), FINE],
  ['a half-closed connection without a response', (socket) => socket.end(), EARLY],
  ['a reset instead of a response', reset(''), '104 0 connection reset'],
  ['a response twice', OK + OK, FINE],
  [
    'a response before the request is complete',
    (socket) => socket.pause().write(OK.replace('200', '413')),
    '0 413',
    large,
  ],
  [
    'a response and a reset before the request is complete',
    (socket) => {
      socket.pause().write(OK.replace('200', '413'));
      socket.resetAndDestroy();
    },
    '0 413',
    large,
  ],
];

const STALLS: Row[] = [
  ['no response', () => undefined, '110 0 timeout'],
  ['half a status line and nothing more', 'HTTP/1.1 2', '110 0 timeout'],
  ['half of the headers and nothing more', 'HTTP/1.1 200 OK\r\nA: x\r\n', '110 0 timeout'],
  ['half a body and nothing more', `${head('Content-Length: 9')}hi`, '110 200 timeout'],
  ['half a chunk and nothing more', chunked('9\r\nhi'), '110 200 timeout'],
  ['half of the trailers and nothing more', chunked('0\r\nA: x\r\n'), '110 200 timeout'],
  ['a body that never ends', flood(head(), 'x'), '110 200 timeout'],
  ['chunks that never end', flood(chunked(''), '1\r\nx\r\n'), '110 200 timeout'],
];

const outcome = ({ netCode, protoCode, errorName }: Fields): string => `${netCode} ${protoCode} ${errorName}`.trim();

/** Shoots at the fault and then, with the same gun, at a good page; returns the first sample. */
async function faultAndNext([, play, expected, changed]: Row, stalls: boolean): Promise<void> {
  const server = new ScriptedServer((socket, received, connection) => {
    if (received.includes(' /good ')) socket.write(OK);
    else if (received.includes(' /fault ') && server.seen[connection]?.includes(' /fault ') === true) {
      if (typeof play === 'string') socket.write(play, 'latin1');
      else play(socket);
    }
  });
  const bench = new GunBench(
    http,
    { target: await server.listen(), requestTimeout: '5s' },
    stalls ? { scheduler: new TurnClock(50) } : {},
  );
  try {
    const before = process.memoryUsage().arrayBuffers;
    const fields = await bench.shoot({ target: '/fault', ...changed });
    assert.equal(outcome(fields), expected);
    if (!stalls) assert.ok(fields.bytesIn <= 1024 * 1024, `${fields.bytesIn} bytes were read`);
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024, 'memory is bounded');
    assert.equal(outcome(await bench.shoot({ target: '/good' })), '0 200', 'the next shot');
  } finally {
    await bench.close();
    await server.close();
  }
}

const TABLES: [title: string, rows: readonly Row[], stalls?: boolean][] = [
  ['a status line', STATUS_LINES],
  ['headers', HEADERS],
  ['the length of a body', LENGTHS],
  ['chunks', CHUNKS],
  ['interim responses', INTERIM],
  ['the moment of a response', MOMENTS],
  ['a server that stops', STALLS, true],
];

describe('docs/FAULTS.md', () => {
  it('has every fault of these tables', () => {
    const page = readFileSync(new URL('../../../../docs/FAULTS.md', import.meta.url), 'utf8');
    const missing = TABLES.flatMap(([, rows]) => rows.map(([fault]) => fault)).filter(
      (fault) => !page.includes(` | ${fault} | `),
    );
    assert.deepEqual(missing, []);
  });
});

for (const [title, rows, stalls = false] of TABLES) {
  describe(`the http gun against ${title}:`, () => {
    for (const row of rows) it(`${row[0]} is ${row[2]}, and the next shot is fine`, () => faultAndNext(row, stalls));
  });
}
