import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { draw, drawFrom } from './drawAmmo.js';

type Options = Readonly<Record<string, unknown>>;

/** `METHOD target host {headers} <body> #tag`, without empty parts, and `!` for items that cannot be shot. */
function line({ request, tag, problem }: HttpAmmo): string {
  if (problem !== undefined && request.method === '') return tag === '' ? '!' : `! #${tag}`;
  const { method, target, host, headers, body, close, chunked } = request;
  const listed = headers.map(([name, value]) => `${name}: ${value}`).join('; ');
  return [
    problem === undefined ? '' : '!',
    method,
    target,
    host === '' ? '' : `@${host}`,
    listed === '' ? '' : `{${listed}}`,
    body === null ? '' : `<${Buffer.from(body).toString()}>`,
    tag === '' ? '' : `#${tag}`,
    close ? 'close' : '',
    chunked ? 'chunked' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

async function decoded(type: string, content: string | Buffer, options: Options = {}): Promise<string[]> {
  const { ammo, error } = await drawFrom(
    sourceFromFunction(() => [content], { name: 'ammo' }),
    {
      type,
      passes: 1,
      ...options,
    },
  );
  const failure = error as (Error & { kind?: string }) | undefined;
  if (failure !== undefined && failure.kind === undefined) throw failure;
  const lines = (ammo as HttpAmmo[]).map(line);
  return failure === undefined ? lines : [...lines, `${failure.kind} at ${/^ammo(:\d+)?/.exec(failure.message)?.[0]}`];
}

type Case = readonly [sentence: string, content: string | Buffer, expected: readonly string[], options?: Options];

function table(type: string, cases: readonly Case[]): void {
  describe(`the format ${type}`, () => {
    for (const [sentence, content, expected, options] of cases) {
      it(sentence, async () => assert.deepEqual(await decoded(type, content, options), expected));
    }
  });
}

const long = (size: number): string => `/${'a'.repeat(size - 1)}`;

table('uri', [
  ['the last line needs no line end', '/a\n/b', ['GET /a', 'GET /b']],
  ['lines are trimmed, empty ones skipped', '\r\n  /a  \r\n\n\t/b\t\r\n   \n', ['GET /a', 'GET /b']],
  ['the first space begins the tag, the rest belongs to it', '/a  two words', ['GET /a # two words']],
  ['headers add up and replace each other', '[A: 1]\n/a\n[B: 2]\n[a: 3]\n/b', ['GET /a {A: 1}', 'GET /b {A: 3; B: 2}']],
  ['a header may be empty', '[A:]\n/a', ['GET /a {A: }']],
  ['the URL has the first word on the host', '[Host: f]\nhttp://u/a\n/b', ['GET /a @u', 'GET /b @f'], {}],
  ['then the config', '[Host: f]\n/b\nhttp://u:8/b', ['GET /b @c', 'GET /b @u:8'], { headers: ['[host: c]'] }],
  [
    'of a repeated config header the last counts',
    '[B: f]\n/a',
    ['GET /a {B: f; A: 2}'],
    { headers: ['[A: 1]', '[a: 2]'] },
  ],
  ['an empty port is dropped', 'http://h:/a', ['GET /a @h']],
  ['a tab does not separate', '/a\n/b\tt', ['GET /a', 'bad-uri at ammo:2']],
  ['a bad escape', '/a\n\n/%z', ['GET /a', 'bad-uri at ammo:3']],
  ['a header without a colon', '[A]\n/a', ['bad-header-line at ammo:1']],
  ['a header without a name', '/a\n[:1]', ['GET /a', 'bad-header-line at ammo:2']],
  ['65,535 bytes are a line', `${long(65_535)}\n`, [`GET ${long(65_535)}`]],
  ['65,536 are not', `/a\n${long(65_536)}\n/b`, ['GET /a', 'line-too-long at ammo:2']],
  ['even at the end', `/a\n${long(65_536)}`, ['GET /a', 'line-too-long at ammo:2']],
  ['the limit counts bytes', `/${'é'.repeat(32_768)}`, ['line-too-long at ammo:1']],
  ['maxammosize moves it up', long(70_000), [`GET ${long(70_000)}`], { maxammosize: 70_000 }],
  ['and down', '/a\n/abc', ['GET /a', 'line-too-long at ammo:2'], { maxammosize: 3 }],
  [
    'bad lines are skipped with continueonerror',
    `/a\n[\n/%\n${long(70_000)}\n/b`,
    ['GET /a', 'GET /b'],
    { continueonerror: true },
  ],
  ['nothing but bad lines is no ammo', '/%', ['no-ammo at ammo'], { continueonerror: true, passes: 0 }],
  [
    'bytes of another code page',
    Buffer.from('/\xe9?q=\xe9 t\xe9g\n/\xe9', 'latin1'),
    ['GET /%E9?q=%E9 #t\ufffdg', 'GET /%E9'],
  ],
]);

table('uripost', [
  ['an item, and blank lines around it', '\n\n3 /a tag\nabc\n\n\n0 /b\n', ['POST /a <abc> #tag', 'POST /b']],
  ['the body is counted in bytes', '2 /a\né\n1 /b\nx', ['POST /a <é>', 'POST /b <x>']],
  ['it may hold line ends and needs none after it', '4 /a\na\n\nb1 /b\nx', ['POST /a <a\n\nb>', 'POST /b <x>']],
  ['lines may end in CR LF', '1 /a\r\nx\r\n[A: 1]\r\n0 /b\r\n', ['POST /a <x>', 'POST /b {A: 1}']],
  ['the last line needs no line end', '0 /a\n0 /b', ['POST /a', 'POST /b']],
  ['two spaces make an empty URI', '1  /a\nx', ['POST / <x> #/a']],
  ['a tag keeps its blanks', '0 /a one  two', ['POST /a #one  two']],
  ['a plus sign', '+1 /a\nx', ['POST /a <x>']],
  ['headers of the config win', '[A: f]\n0 /a', ['POST /a {A: c}'], { headers: ['[A: c]'] }],
  ['no URI', '0 /a\n5\nabcde', ['POST /a', 'bad-request-line at ammo:2']],
  ['no number', 'x /a\nabc', ['bad-size at ammo:1']],
  ['a fraction is no size', '1.5 /a\nabc', ['bad-size at ammo:1']],
  ['a negative size', '0 /a\n-1 /a\nabc', ['POST /a', 'bad-size at ammo:2']],
  ['a size too small', '1 /a\nx\n2 /b\nabc', ['POST /a <x>', 'POST /b <ab>', 'bad-request-line at ammo:4']],
  ['the file ends in a body', '1 /a\nx\n3 /b\nab', ['POST /a <x>', 'body-truncated at ammo:3']],
  ['the line of the last body is missing too', '3 /b', ['body-truncated at ammo:1']],
  ['a size beyond all memory is just a cut off file', '99999999999 /b\nabc', ['body-truncated at ammo:1']],
  ['a bad URI', '1 /%\nx', ['bad-uri at ammo:1']],
  ['a bad header', '[A]\n', ['bad-header-line at ammo:1']],
  ['lines in bodies are counted', '4 /a\n\n\n\n\n0 /%', ['POST /a <\n\n\n\n>', 'bad-uri at ammo:6']],
  ['maxammosize', '2 /a\nab\n3 /b\nabc\n', ['POST /a <ab>', 'too-large at ammo:3'], { maxammosize: 2 }],
  [
    'items that are too large or bad are skipped with continueonerror',
    '[A\n2 /a\nab\n3 /b\nabc\nx /c\n1 /d\nd',
    ['POST /a <ab>', 'POST /d <d>'],
    { maxammosize: 2, continueonerror: true },
  ],
  ['so is a file that is cut off', '1 /a\nx\n5 /b\nx', ['POST /a <x>'], { continueonerror: true }],
  ['bytes of another code page', Buffer.from('1 /\xe9?\xe9\n\xe9', 'latin1'), ['POST /%E9?%E9 <\ufffd>']],
]);

const raw = (request: string, tag = ''): string => `${Buffer.byteLength(request)}${tag}\n${request}\n`;

table('raw', [
  ['a request with CR LF', raw('GET /a HTTP/1.1\r\nHost: h\r\nx-a: 1\r\n\r\n', ' t'), ['GET /a @h {X-A: 1} #t']],
  ['and with LF', raw('GET /a HTTP/1.1\nHost: h:8\n\n'), ['GET /a @h:8']],
  ['repeated headers stay', raw('GET / HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n'), ['GET / {A: 1; A: 2}']],
  ['a folded header is joined', raw('GET / HTTP/1.1\r\nA: 1\r\n  2\r\n\r\n'), ['GET / {A: 1 2}']],
  ['the first line has the first word on the host', raw('GET http://u/a HTTP/1.1\r\nHost: h\r\n\r\n'), ['GET /a @u']],
  [
    'the config gives only what is missing, every value of it',
    raw('GET / HTTP/1.1\r\nA: own\r\n\r\n'),
    ['GET / @c {A: own; B: 1; B: 2}'],
    { headers: ['[A: c]', '[B: 1]', '[b: 2]', '[Host: c]'] },
  ],
  ['the own Host wins', raw('GET / HTTP/1.1\r\nHost: h\r\n\r\n'), ['GET / @h'], { headers: ['[Host: c]'] }],
  ['HTTP/1.0 closes', raw('GET / HTTP/1.0\r\n\r\n'), ['GET / close']],
  [
    'unless it says keep-alive',
    raw('GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n'),
    ['GET / {Connection: Keep-Alive}'],
  ],
  ['Connection: close', raw('GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n'), ['GET / {Connection: x, Close} close']],
  ['a body without a length is dropped', raw('POST / HTTP/1.1\r\n\r\nbody'), ['POST /']],
  ['so is an empty length', raw('POST / HTTP/1.1\r\nContent-Length:\r\n\r\nbody'), ['POST /']],
  [
    'equal lengths are one',
    raw('POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nbody'),
    ['POST / {Content-Length: 2} <bo>'],
  ],
  [
    'chunks with extensions and trailers',
    raw('POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\nTrailer: X\r\n\r\n3;a=b\r\nabc\r\n00\r\nX: 1\r\n\r\n'),
    ['POST / <abc> chunked'],
  ],
  ['HTTP/1.0 knows no chunks', raw('POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), ['POST / close']],
  ['Pragma', raw('GET / HTTP/1.1\r\nPragma: no-cache\r\n\r\n'), ['GET / {Pragma: no-cache; Cache-Control: no-cache}']],
  ['CONNECT', raw('CONNECT h:80 HTTP/1.1\r\n\r\n'), ['CONNECT h:80 @h:80']],
  ['a fragment is no fragment here', raw('GET /a#b HTTP/1.1\r\n\r\n'), ['GET /a%23b']],
  ['blank lines between items', `\n\r\n${raw('GET / HTTP/1.1\n\n')}\n\n`, ['GET /']],
  ['the last one needs no line end', raw('GET / HTTP/1.1\n\n').trimEnd().replace('16', '14'), ['!']],
  ['a space in the path', raw('GET /a b HTTP/1.1\r\n\r\n', ' t'), ['! #t']],
  ['a relative target', raw('GET a HTTP/1.1\r\n\r\n'), ['!']],
  ['no blank line after the headers', raw('GET / HTTP/1.1\r\nA: 1\r\n'), ['!']],
  ['no colon in a header', raw('GET / HTTP/1.1\r\nA\r\n\r\n'), ['!']],
  ['no version', raw('GET /\r\n\r\n'), ['!']],
  ['a bad method', raw('G(T / HTTP/1.1\r\n\r\n'), ['!']],
  ['two lengths', raw('POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nbody'), ['!']],
  ['a bad length', raw('POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nbody'), ['!']],
  ['another coding', raw('POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nbody'), ['!']],
  [
    'chunks that are cut off',
    raw('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nx'),
    ['! POST / <abc> chunked'],
  ],
  ['an unusable item does not stop the next', `${raw('x')}${raw('GET / HTTP/1.1\n\n')}`, ['!', 'GET /']],
  ['a size of 0 between items is reported', `0 t\n${raw('GET / HTTP/1.1\n\n')}`, ['! #t', 'GET /']],
  ['but ends a file quietly', `${raw('GET / HTTP/1.1\n\n')}0\n\n`, ['GET /']],
  ['no size', 'GET / HTTP/1.1\n\n', ['bad-size at ammo:1']],
  ['a negative size', '-1\n', ['bad-size at ammo:1']],
  ['the file ends in a request', `${raw('GET / HTTP/1.1\n\n')}99\nGET`, ['GET /', 'body-truncated at ammo:5']],
  ['bytes of another code page', Buffer.from('18\nGET /\xe9 HTTP/1.1\n\n\n', 'latin1'), ['GET /%E9']],
]);

const ZEROS = '\0'.repeat(100);

table('http/json', [
  ['objects in a row', '{"host":"h","uri":"/1"}{"uri":"/2"}\n\n {"tag":"t"} ', ['GET /1 @h', 'GET /2', 'GET / #t']],
  ['over several lines', '{\n"host":\n"h"\n}\n', ['GET / @h']],
  ['or in a list, after which nothing counts', ' [{"uri":"/1"}\n,{"uri":"/2"}] what', ['GET /1', 'GET /2']],
  ['names ignore case, unknown ones are ignored', '{"URI":"/1","Extra":[{"a":"}"}],"method":"put"}', ['put /1']],
  ['null is the default', '{"uri":"/1","tag":null,"headers":null,"body":null,"method":null,"host":null}', ['GET /1']],
  ['even a whole item', '{"uri":"/1"} null', ['GET /1', 'GET /']],
  ['the uri is glued to the host', '{"host":"h","uri":"x/1"}', ['GET /1 @hx']],
  ['a port', '{"host":"h:80","uri":"/"}{"host":"h:","uri":"/"}', ['GET / @h:80', 'GET / @h']],
  ['host wins over the Host header', '{"host":"h","headers":{"host":"x","A":"1"}}', ['GET / @h {A: 1}']],
  ['which counts without it', '{"headers":{"host":"x"}}', ['GET / @x'], { headers: ['[Host: c]'] }],
  [
    'then the config',
    '{"headers":{"A":"1"}}',
    ['GET / @c {A: 1; B: 1; B: 2}'],
    { headers: ['[Host: c]', '[A: c]', '[B: 1]', '[B: 2]'] },
  ],
  ['a header may be null', '{"headers":{"a":null}}', ['GET / {A: }']],
  ['text with brackets, quotes and escapes', '{"uri":"/","body":"\\"}]\\\\"}', ['GET / <"}]\\>']],
  ['a path with a blank', '{"host":"h","uri":"/a b"}', ['GET /a%20b @h']],
  ['wrong types', '{"uri":"/1"}\n{"uri":1}', ['GET /1', 'bad-json at ammo:2']],
  ['a header that is no text', '{"headers":{"a":1}}', ['bad-json at ammo:1']],
  ['headers that are a list', '{"headers":["a"]}', ['bad-json at ammo:1']],
  ['an item that is no object', '{"uri":"/1"}\n"x"', ['GET /1', 'bad-json at ammo:2']],
  ['commas between objects without a list', '{"uri":"/1"},{}', ['GET /1', 'bad-json at ammo:1']],
  ['no commas in a list', '[{"uri":"/1"}\n{}]', ['GET /1', 'bad-json at ammo:2']],
  ['a comma at the end of a list', '[{"uri":"/1"},]', ['GET /1', 'bad-json at ammo:1']],
  ['a list without an end', '[{"uri":"/1"}\n', ['GET /1', 'bad-json at ammo:2']],
  ['an object without an end', '{"uri":"/1"}\n{"uri":\n', ['GET /1', 'bad-json at ammo:2']],
  ['a missing quote', '{"uri":"/1}\n{"uri":"/2"}', ['bad-json at ammo:1']],
  [
    'zeros after an object, without an end',
    `{"uri":"/1"}\n${ZEROS}`,
    ['GET /1', 'bad-json at ammo:2'],
    { maxammosize: 20 },
  ],
  [
    'zeros in a text, without an end',
    `{"uri":"/1"}\n{"a":"${ZEROS}`,
    ['GET /1', 'bad-json at ammo:2'],
    { maxammosize: 20 },
  ],
  ['a backslash at a line end', '{"uri":"/1\\\n{"uri":"/2"}', ['GET /2'], { continueonerror: true }],
  ['a bad method', '{"method":"G T"}', ['bad-method at ammo:1']],
  ['a bad URL', '{"host":"a b","uri":"/"}', ['bad-uri at ammo:1']],
  ['an empty list is no ammo, even for one pass', '[]', ['no-ammo at ammo']],
  ['an empty file', ' \n', ['empty-file at ammo']],
  ['text', '"x"', ['not-object-or-array at ammo']],
  ['garbage', 'x', ['bad-json at ammo']],
  ['maxammosize', '{"uri":"/1"}\n{"uri":"/12"}', ['GET /1', 'too-large at ammo:2'], { maxammosize: 12 }],
  [
    'bad items are skipped with continueonerror, and only they',
    '{"uri":"/1"}\n{"uri":"/x}\n{"uri":"/2"\n{"uri":"/3"}\n{"uri":3}\nhello world\n{"uri":"/4"}{"uri":"/5"}\n{"uri":',
    ['GET /1', 'GET /3', 'GET /4', 'GET /5'],
    { continueonerror: true },
  ],
  [
    'in a list too',
    '[{"uri":"/1"},\n{"uri":"/x},\n{"uri":"/2"\n{"uri":"/3"},\n{"uri":"/4"}]',
    ['GET /1', 'GET /3', 'GET /4'],
    { continueonerror: true },
  ],
]);

it('a text of zeros that arrives byte by byte ends at the first of them', async () => {
  // The first bytes are examined together.
  const bytes = Buffer.from(`{"uri":"/"}${' '.repeat(60)}\n{"a":"${ZEROS}`);
  const source = sourceFromFunction(() => [...bytes].map((byte) => Buffer.of(byte)), { name: 'ammo' });
  const { error } = await drawFrom(source, { type: 'http/json', maxammosize: 50 });
  assert.match(String(error), /ammo:2: .* is bad: Bad control character/);
});

/** A file of each format, with every kind of item. */
const SAMPLES: Readonly<Record<string, string>> = {
  uri: '/a\n[A: é]\n\n/é?é tag é\r\n[Host: h]\nhttp://u/\n/%zz\n/z\n[B: 1]\n/last',
  uripost: '3 /a t\nabc\n[A: 1]\r\n\n0 /b\n6 /c é\n\r\né\nx5 /d\n12345\nbad\n0 /e',
  raw: `${raw('GET /a HTTP/1.1\r\nHost: h\r\n\r\n')}0\n\n${raw('POST /é HTTP/1.1\nContent-Length: 3\n\nabcd', ' t')}x\n${raw('z')}`,
  'http/json':
    ' {"uri":"/é","body":"\\"{\\\\"} 5\n{"uri":"/\t"}\n\0\n{"a":"\\\t\n{"uri":"/2"\n{"headers":{"a":"[1,"}}{"tag":"é"}"x"null [1',
};

describe('the boundaries of chunks have no effect', () => {
  for (const [type, content] of Object.entries(SAMPLES)) {
    const bytes = Buffer.from(content);
    const cut = async (sizes: readonly number[], options: Options): Promise<unknown> => {
      const source = sourceFromFunction(
        function* cutUp() {
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] as number;
            yield bytes.subarray(at, at + size);
            at += size;
          }
        },
        { name: 'ammo' },
      );
      const log = new FakeLog();
      const { ammo, error } = await drawFrom(source, { type, passes: 2, ...options }, { log });
      return { ammo, error: (error as Error | undefined)?.message };
    };
    for (const continueonerror of [true, false]) {
      it(`${type}, ${continueonerror ? 'bad items skipped' : 'up to the first bad item'}`, async () => {
        const whole = await cut([bytes.length], { continueonerror });
        await fc.assert(
          fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), async (sizes) => {
            assert.deepEqual(await cut(sizes, { continueonerror }), whole);
          }),
          { numRuns: 60 },
        );
      });
    }
  }
});

describe('errors', () => {
  it('have the place, the error, the expectation and the remedy', async () => {
    const { error } = await draw({ type: 'uri', uris: ['/a', `/b${'c'.repeat(100)}\tt`], passes: 1 });
    const { message, hint, code } = error as Error & { hint: string; code: string };
    assert.equal(code, 'ELPIS_AMMO');
    assert.equal(message, `uris:2: "/b${'c'.repeat(58)}"... (104 characters) is not a URI`);
    assert.equal(hint, 'a control character in the URL; only a space separates the tag');
  });

  it('that are skipped are logged once a second, and in total at the end', async () => {
    const log = new FakeLog();
    await draw({ type: 'uri', uris: ['/%', '/%', '/%', '/a'], passes: 1, continueonerror: true }, { log });
    assert.equal(log.lines.length, 2);
  });
});
