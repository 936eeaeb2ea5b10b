import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { pathOf, pathText } from '../../../lib/codec/report/path.js';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { uuid } from '../../../lib/providers/templates/chance.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { draw, drawFrom, providerOf } from './drawAmmo.js';

type Options = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), 'elpis-templates-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const USERS = file('users.csv', 'name,pass word,note\nann,a&b,"say ""hi"""\nbob,p 2,x\nüte,3,"two\nlines"\n');
const seed = (value = 1): { random: () => number } => ({ random: seededRandom(value) });

/** What is sent, as `METHOD target {headers} <body>`. */
function sent({ request, problem }: HttpAmmo): string {
  const headers = request.headers.map(([name, value]) => ` {${name}: ${value}}`).join('');
  const body = request.body === null ? '' : ` <${Buffer.from(request.body).toString()}>`;
  return problem ?? `${request.method} ${request.target}${headers}${body}`;
}

async function outcome(type: string, content: string, options: Options = {}, most = 1): Promise<string[]> {
  const source = sourceFromFunction(() => [content], { name: 'ammo' });
  const { ammo, error } = await drawFrom<HttpAmmo>(source, { type, templates: true, ...options }, seed(), most);
  return [...ammo.map(sent), ...(error === undefined ? [] : [(error as Error).message])];
}

const users = (more: Options = {}): Options => ({ data: { users: { csv: USERS, ...more } } });

describe('templates in ammo', () => {
  const CASES: readonly (readonly [
    sentence: string,
    type: string,
    content: string,
    options: Options,
    expected: readonly string[],
  ])[] = [
    [
      'the index, from 0, over all passes',
      'uri',
      '/{{index}}?i={{index}}',
      {},
      ['GET /0?i=0', 'GET /1?i=1', 'GET /2?i=2'],
    ],
    [
      'a column; in a target it is escaped',
      'uri',
      '/{{users.name}}?n={{users.note}}',
      users(),
      ['GET /ann?n=say%20%22hi%22', 'GET /bob?n=x', 'GET /%C3%BCte?n=two%0Alines'],
    ],
    [
      'the same row for all of an ammo',
      'uripost',
      '29 /\n{{users.name}}:{{users.note}}',
      users(),
      ['POST / <ann:say "hi">', 'POST / <bob:x>', 'POST / <üte:two\nlines>'],
    ],
    [
      'a header of the file and one of the config',
      'uri',
      '[A: <{{users.name}}>]\n/',
      { ...users(), headers: ['[B: {{index}}]'] },
      ['GET / {A: <ann>} {B: 0}', 'GET / {A: <bob>} {B: 1}', 'GET / {A: <üte>} {B: 2}'],
    ],
    [
      'json(...) for a text in JSON',
      'http/json',
      '{"uri":"/","body":"{\\"a\\":\\"{{json(users.note)}}\\"}"}',
      users(),
      ['GET / <{"a":"say \\"hi\\""}>', 'GET / <{"a":"x"}>', 'GET / <{"a":"two\\nlines"}>'],
    ],
    [
      'url(...) for a form',
      'uripost',
      '26 /\np={{url(users.pass word)}}',
      users(),
      ['POST / <p=a%26b>', 'POST / <p=p%202>', 'POST / <p=3>'],
    ],
    ['two braces', 'uri', '/?a={{braces}}', {}, ['GET /?a=%7B%7B', 'GET /?a=%7B%7B', 'GET /?a=%7B%7B']],
    [
      'raw: the length of the body is that of what is sent',
      'raw',
      `${'POST /{{index}} HTTP/1.1\nContent-Length: 9\n\n{{index}}'.length}\nPOST /{{index}} HTTP/1.1\nContent-Length: 9\n\n{{index}}`,
      {},
      ['POST /0 {Content-Length: 9} <0>', 'POST /1 {Content-Length: 9} <1>', 'POST /2 {Content-Length: 9} <2>'],
    ],
    [
      'a range of one number, and a negative one',
      'uri',
      '/{{random(7,7)}}{{random(-1,-1)}}',
      {},
      ['GET /7-1', 'GET /7-1', 'GET /7-1'],
    ],
    [
      'nothing between the braces that is known',
      'uri',
      '/ok\n/{{nope}}',
      {},
      ['GET /ok', 'ammo:2: {{nope}} is not known'],
    ],
    [
      'data that is not there',
      'uri',
      '/{{user.name}}',
      users(),
      ['ammo:1: {{user.name}}: the key data has no user; did you mean users?'],
    ],
    [
      'a column that is not there',
      'uri',
      '/{{users.mail}}',
      users(),
      ['ammo:1: {{users.mail}}: users has no column mail; its columns are name, pass word, note'],
    ],
    ['braces that are not closed', 'uri', '/?a={{index', {}, ['ammo:1: {{ is not closed by }}']],
    [
      'a range that goes down',
      'uri',
      '/{{random(2,1)}}',
      {},
      ['ammo:1: {{random(2,1)}}: the second number must be at least the first and at most 4294967295 more'],
    ],
    [
      'a bad one is skipped with continueonerror',
      'uri',
      '/{{nope}}\n/{{index}}',
      { continueonerror: true, passes: 1 },
      ['GET /0'],
    ],
    [
      'unique rows end with the last',
      'uri',
      '/{{users.name}}',
      { ...users({ strategy: 'unique' }) },
      ['GET /ann', 'GET /bob', 'GET /%C3%BCte', `${USERS}: its 3 rows are used up`],
    ],
    [
      'a file without rows',
      'uri',
      '/{{a.b}}',
      { data: { a: { csv: file('none.csv', 'b\n') } } },
      [`${join(folder, 'none.csv')}: has no rows`],
    ],
    [
      'another delimiter',
      'uri',
      '/{{a.c}}',
      { data: { a: { csv: file('semi.csv', '\uFEFFb;c\n1;2\n'), delimiter: ';' } } },
      ['GET /2', 'GET /2', 'GET /2'],
    ],
    [
      'a row with too few fields',
      'uri',
      '/{{a.c}}',
      { data: { a: { csv: file('ragged.csv', 'b,c\n1\n') } } },
      [`${join(folder, 'ragged.csv')}:2: the row has 1 fields, the first one 2`],
    ],
  ];
  for (const [sentence, type, content, options, expected] of CASES) {
    it(sentence, async () => assert.deepEqual(await outcome(type, content, options, expected.length), expected));
  }

  it('are ordinary text without the key', async () => {
    const result = await outcome('uri', '/{{index}}?a={{nope}}', { templates: false, passes: 1 });
    assert.deepEqual(result, ['GET /%7B%7Bindex%7D%7D?a={{nope}}']);
  });

  it('a path for auto-tags keeps the template, so that there is one tag', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/u/{{index}}'], templates: true, limit: 2 });
    assert.deepEqual(
      ammo.map(({ request }) => request.path),
      ['/u/{{index}}', '/u/{{index}}'],
    );
  });

  it('a request without any stays one object for all passes', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/a'], templates: true, limit: 2 });
    assert.equal(ammo[0]?.request, ammo[1]?.request);
  });

  it('a file above 64 MiB is refused', async () => {
    const path = file('large.csv', 'a\n1\n');
    truncateSync(path, 64 * 1024 * 1024 + 1);
    const { error } = await draw<HttpAmmo>({ type: 'uri', uris: ['/{{d.a}}'], data: { d: { csv: path } } });
    assert.match(String(error), /large\.csv: has 67108865 bytes, more than 67108864/);
  });

  it('many braces without an end cost no more than their length', async () => {
    const body = '{{'.repeat(1_000_000);
    assert.deepEqual(await outcome('uripost', `${body.length} /\n${body}`), ['ammo:1: {{ is not closed by }}']);
  });
});

describe('random values in ammo', () => {
  const row = '/{{random(1,1000000)}}/{{uuid}}/{{users.name}}/{{random(1,1000000)}}?{{uuid}}';
  const config = { type: 'uri', uris: [row], limit: 48, ...users({ strategy: 'random' }) };
  const all = async (index: number, of: number, value = 7): Promise<readonly HttpAmmo[]> =>
    (await draw<HttpAmmo>(config, { ...seed(value), share: { index, of } })).ammo;

  it('are the same over 1, 2, 3 and 8 shares, and another seed gives others', async () => {
    const whole = await all(0, 1);
    for (const of of [2, 3, 8]) {
      const shares = await Promise.all(Array.from({ length: of }, (_, index) => all(index, of)));
      assert.deepEqual(
        shares.flat().sort((a, b) => a.id - b.id),
        whole,
      );
    }
    assert.notDeepEqual(await all(0, 1, 8), whole);
  });

  it('differ from each other in one ammo and from ammo to ammo', async () => {
    const whole = await all(0, 1);
    const values = whole.flatMap(({ request }) =>
      request.target.split(/[/?]/).filter((part) => part.length > 3 && !/^%C3|ann|bob/.test(part)),
    );
    assert.equal(new Set(values).size, values.length);
    assert.equal(values.length > 48 * 3, true);
  });

  it('are spread evenly, and over the whole range', async () => {
    const { ammo } = await draw<HttpAmmo>(
      { type: 'uri', uris: ['/{{random(1,10)}}'], templates: true, limit: 20_000 },
      seed(),
    );
    const counts = new Map<string, number>();
    for (const { request } of ammo) counts.set(request.target, (counts.get(request.target) ?? 0) + 1);
    assert.equal(counts.size, 10);
    for (const [target, count] of counts) assert.ok(Math.abs(count - 2000) < 250, `${target}: ${count}`);
  });

  it('a UUID has the form of version 4, and no index has that of another', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200_000; index++) seen.add(uuid(3, index, 0));
    assert.equal(seen.size, 200_000);
    fc.assert(
      fc.property(fc.nat(), fc.maxSafeNat(), fc.nat(), (value, index, slot) =>
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(uuid(value, index, slot)),
      ),
    );
  });

  it('unique rows are taken once each over 1, 2, 3 and 8 shares', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `u${i}`);
    const csv = file('many.csv', `name\n${names.join('\n')}\n`);
    for (const of of [1, 2, 3, 8]) {
      const unique = {
        type: 'uri',
        uris: ['/{{users.name}}'],
        limit: 40,
        data: { users: { csv, strategy: 'unique' } },
      };
      const shares = await Promise.all(
        Array.from({ length: of }, (_, index) => draw<HttpAmmo>(unique, { share: { index, of } })),
      );
      const taken = shares.flatMap(({ ammo, error }) => [
        ...ammo.map(({ request }) => request.target.slice(1)),
        ...(error === undefined ? [] : [String(error)]),
      ]);
      assert.deepEqual(taken.sort(), [...names].sort());
    }
  });
});

describe('the check of a config with templates', () => {
  /** Every issue, with its path below the provider. */
  const refusal = (config: Options): string => {
    try {
      providerOf({ type: 'uri', ...config });
    } catch (error) {
      const { issues } = error as { issues: readonly CodecIssue[] };
      return issues
        .map(({ context, hint }) => `${pathText(pathOf(context))}: ${hint}`.replace(/; known are.*/, ''))
        .join('\n');
    }
    return 'accepted';
  };
  const REFUSED: readonly (readonly [sentence: string, config: Options, hint: string])[] = [
    ['an unknown name in uris', { uris: ['/', '/{{a}}'], templates: true }, 'uris[1]: {{a}} is not known'],
    [
      'all of them at once',
      { URIs: ['/{{a}}', '/', '/{{b}}'], headers: ['[A: b]', '[C: {{c}}]'], data: { '1': { csv: USERS } } },
      'data.1: a name has letters, digits, _ and -\n' +
        'URIs[0]: {{a}} is not known\nURIs[2]: {{b}} is not known\nheaders[1]: {{c}} is not known',
    ],
    [
      '20 of many lines',
      { uris: Array.from({ length: 50 }, () => '/{{a}}'), templates: true },
      Array.from({ length: 20 }, (_, i) => `uris[${i}]: {{a}} is not known`).join('\n'),
    ],
    [
      'a missing column in a header',
      { uris: ['/'], headers: ['[A: {{users.x}}]'], ...users() },
      'headers[0]: {{users.x}}: users has no column x; its columns are name, pass word, note',
    ],
    [
      'an unknown name in a file',
      { file: file('t.uri', '/a\n/{{index}}\n/{{b.c}}\n'), templates: true },
      `file: ${join(folder, 't.uri')}, line 3: {{b.c}}: the key data has no b`,
    ],
    [
      'a name with other characters',
      { uris: ['/'], data: { 'a.b': { csv: USERS } } },
      'data["a.b"]: a name has letters, digits, _ and -',
    ],
    [
      'a file that is no CSV',
      { uris: ['/'], data: { a: { csv: file('bad.csv', 'a"b,c\n') } } },
      `data.a.csv: ${join(folder, 'bad.csv')}:1: there is a quote inside a field that does not begin with a quote`,
    ],
    ['nothing that is wrong', { uris: ['/{{users.name}}/{{uuid}}'], ...users() }, 'accepted'],
    ['braces without the key', { uris: ['/{{a}}'] }, 'accepted'],
  ];
  for (const [sentence, config, hint] of REFUSED) it(sentence, () => assert.equal(refusal(config), hint));

  it('a data file has to be there', () => {
    assert.throws(() => providerOf({ type: 'uri', uris: ['/'], data: { a: { csv: '/no/such' } } }));
    assert.throws(() => providerOf({ type: 'uri', uris: ['/'], data: { a: { csv: USERS, delimiter: '::' } } }));
  });
});
