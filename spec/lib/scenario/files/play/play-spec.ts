import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VariableSource } from '../../../../../lib/scenario/files/model.js';
import { bodiesOf, compiled, fileOf, playFile, type ShortRequest, samplesOf } from './playFile.js';

const variables = (values: Readonly<Record<string, unknown>>, name = 'v'): VariableSource => ({
  path: ['variable_sources', 0],
  type: 'variables',
  name,
  variables: values,
});
const LIST = variables({ list: ['a', 'b', 'c'], empty: [], one: { x: 'y' } });

describe('a scenario of a file', () => {
  it('sends its requests in order, and emits a sample for each', () => {
    const play = playFile({ requests: [{ name: 'a' }, { name: 'b' }] });
    assert.deepEqual(play.drawing.split('\n'), [
      'ms   0   2    4',
      's    |--------|',
      's.a  o---200',
      's.b      o----200',
    ]);
    assert.deepEqual(samplesOf(play), ['s.a 0 200', 's.b 0 200']);
  });

  it('repeats a step and sleeps after each copy', () => {
    const play = playFile({
      requests: [{ name: 'a' }, { name: 'b' }],
      runs: [{ step: 'a', count: 3, sleepMs: 100, lastSleepMs: 150 }, 'b'],
    });
    assert.deepEqual(
      play.requests.map(({ tag, at }) => [tag, at]),
      [
        ['s.a', 0],
        ['s.a', 102],
        ['s.a', 204],
        ['s.b', 356],
      ],
    );
    assert.deepEqual(play.pauses, [
      { from: 2, until: 102 },
      { from: 104, until: 204 },
      { from: 206, until: 356 },
    ]);
    // The planned end of the sleep is the intended time of the next request.
    assert.deepEqual(
      play.samples.map(({ intended }) => intended),
      [0, 102, 204, 356, 0],
    );
  });

  it('waits until its least time', () => {
    const { samples } = playFile({ requests: [{ name: 'a' }], minWaitingTimeMs: 1000 });
    assert.deepEqual(
      samples.map(({ tag, ended }) => [tag, ended]),
      [
        ['s.a', 2],
        ['s', 1000],
      ],
    );
  });

  it('sleeps after the last step too', () => {
    const { samples } = playFile({ requests: [{ name: 'a' }], runs: [{ step: 'a', lastSleepMs: 50 }] });
    assert.equal(samples.at(-1)?.ended, 52);
  });

  it('plays many steps of a transport that responds at once without recursion', () => {
    const { samples } = playFile(
      { requests: [{ name: 'a' }], runs: [{ step: 'a', count: 10_000 }] },
      { scripts: { 'GET /a': 'r' } },
    );
    assert.equal(samples.length, 10_001);
  });

  it('without steps ends, and its sample is that of the whole', () => {
    assert.deepEqual(
      playFile({ requests: [] }).samples.map(({ tag, scope }) => [tag, scope]),
      [['s', 'scenario']],
    );
  });

  it('may have a name that no tag can be', () => {
    const names = ['a/b', 'a_b', 'x|y', '', ' a/b '];
    assert.deepEqual(
      compiled(fileOf({ requests: [], names }))
        .scenarios({ random: () => 0 })
        .map(({ name }) => name),
      ['a_b', 'a_b 2', 'x_y', 'scenario', 'a_b 3'],
    );
  });
});

describe('a step of a file', () => {
  it('renders the uri, the values of headers and the body', () => {
    const { requests } = playFile({
      sources: [variables({ id: 7, name: 'ann' })],
      requests: [
        {
          name: 'a',
          method: 'POST',
          uri: '/users/{{.source.v.id}}?n={{.source.v.name}}',
          headers: { 'x-name': '{{.source.v.name}}', '{{x}}': 'as it is' },
          body: '{"id": {{.source.v.id}}}',
        },
      ],
    });
    assert.deepEqual(
      requests.map(({ request: { body, ...rest } }) => ({ ...rest, body: Buffer.from(body ?? '').toString() })),
      [
        {
          method: 'POST',
          target: '/users/7?n=ann',
          path: '/users/7',
          host: '',
          headers: [
            ['X-Name', 'ann'],
            ['{{x}}', 'as it is'],
          ],
          body: '{"id": 7}',
          close: false,
          chunked: false,
        },
      ],
    );
  });

  it('without a method is a GET, and without a body has none', () => {
    const [played] = playFile({ requests: [{ name: 'a', method: '' }] }).requests;
    assert.equal(played?.request.method, 'GET');
    assert.equal(played?.request.body, null);
  });

  it('an absolute uri says the host, else a header Host does', () => {
    const hosts = playFile({
      requests: [
        { name: 'a', uri: 'http://x.y:81/a?b', headers: { Host: 'z' } },
        { name: 'b', uri: '/b', headers: { host: 'z' } },
        { name: 'c', uri: '/c' },
      ],
    }).requests.map(({ request: { host, target, headers } }) => [host, target, headers.length]);
    assert.deepEqual(hosts, [
      ['x.y:81', '/a?b', 0],
      ['z', '/b', 0],
      ['', '/c', 0],
    ]);
  });

  it('a constant request is one object, so that it is encoded once', () => {
    const { requests } = playFile({ requests: [{ name: 'a' }], runs: [{ step: 'a', count: 3 }] });
    assert.equal(new Set(requests.map(({ request }) => request)).size, 1);
  });

  it('sees its preprocessor, and what earlier steps have read from responses', () => {
    const bodies = bodiesOf(
      {
        sources: [LIST],
        requests: [
          {
            name: 'a',
            preprocessor: { x: 'source.v.list[1]', n: 'randInt(7, 8)' },
            body: '{{.request.a.preprocessor.x}}{{.request.a.preprocessor.n}}{{.request.a.postprocessor.t}}',
            postprocessors: [{ path: [], type: 'var/jsonpath', mapping: { t: '$.token', n: '$.n' } }],
          },
          {
            name: 'b',
            preprocessor: { t: 'request.a.postprocessor.t' },
            body: '{{.request.a.postprocessor.n}} {{.request.b.preprocessor.t}} {{.request.a.preprocessor.x}}',
          },
        ],
      },
      { scripts: { 'GET /a': '--t' }, responses: { t: { json: { token: 'T', n: 1234567 } } } },
    );
    assert.deepEqual(bodies, ['b7<no value>', '1234567 T b']);
  });

  it('a repeated step forgets what it has read before', () => {
    const bodies = bodiesOf(
      {
        requests: [
          {
            name: 'a',
            body: '{{.request.a.postprocessor.h}}',
            postprocessors: [{ path: [], type: 'var/header', mapping: { h: 'X' } }],
          },
        ],
        runs: [{ step: 'a', count: 2 }],
      },
      { scripts: { 'GET /a': 'h' }, responses: { h: { headers: { X: '1' } } } },
    );
    assert.deepEqual(bodies, ['<no value>', '<no value>']);
  });

  it('later postprocessors win, and each sees the response', () => {
    const bodies = bodiesOf(
      {
        requests: [
          {
            name: 'a',
            postprocessors: [
              { path: [], type: 'var/header', mapping: { v: 'X', h: 'X' } },
              { path: [], type: 'var/jsonpath', mapping: { v: '$.x' } },
            ],
          },
          { name: 'b', body: '{{.request.a.postprocessor.v}} {{.request.a.postprocessor.h}}' },
        ],
      },
      { scripts: { 'GET /a': 'h' }, responses: { h: { headers: { X: '1' }, json: { x: 2 } } } },
    );
    assert.deepEqual(bodies, ['', '2 1']);
  });

  it('prints whole numbers of JSON with all digits, and as Pandora when asked to', () => {
    const file = {
      requests: [
        { name: 'a', postprocessors: [{ path: [], type: 'var/jsonpath' as const, mapping: { n: '$.n' } }] },
        { name: 'b', body: '{{.request.a.postprocessor.n}}' },
      ],
    };
    const json = { n: [1000000, 12345678, 1.5, 1e21, 2 ** 53] };
    const options = { scripts: { 'GET /a': 'j' }, responses: { j: { json } } };
    assert.equal(bodiesOf(file, options)[1], '[1000000 12345678 1.5 1e+21 9.007199254740992e+15]');
    assert.equal(
      bodiesOf(file, { ...options, compile: { numbers: 'go' } })[1],
      '[1e+06 1.2345678e+07 1.5 1e+21 9.007199254740992e+15]',
    );
  });

  it('the html templater escapes in the uri, headers and the body', () => {
    const [played] = playFile({
      sources: [variables({ q: `a&b<c>"d"'e'+f` })],
      requests: [
        {
          name: 'a',
          templater: 'html',
          uri: '/?q={{.source.v.q}}',
          headers: { X: '{{.source.v.q}}' },
          body: '{{.source.v.q}}',
        },
      ],
    }).requests;
    const escaped = 'a&amp;b&lt;c&gt;&#34;d&#34;&#39;e&#39;&#43;f';
    assert.deepEqual(played?.request.headers, [['X', escaped]]);
    assert.equal(Buffer.from(played?.request.body ?? '').toString(), escaped);
    // The rest of the uri is its fragment, which is not sent.
    assert.equal(played?.request.target, '/?q=a&amp;b&lt;c&gt;&');
  });

  it('headers named url and body have templates of their own', () => {
    const [played] = playFile({
      requests: [{ name: 'a', uri: '/{{"u"}}', headers: { url: '{{1}}', body: '{{2}}' }, body: '{{3}}' }],
    }).requests;
    assert.deepEqual(played?.request.headers, [
      ['Url', '1'],
      ['Body', '2'],
    ]);
    assert.equal(played?.request.target, '/u');
    assert.equal(String(played?.request.body), '3');
  });
});

describe('a step that fails', () => {
  const rows: [what: string, step: Partial<ShortRequest>, error: string, requests: number][] = [
    ['a mapping without a value', { preprocessor: { x: 'source.v.nope' } }, 'preprocessor: missing-key', 0],
    ['an index of an empty list', { preprocessor: { x: 'source.v.empty[rand]' } }, 'preprocessor: empty-list', 0],
    ['an index that is no index', { preprocessor: { x: 'source.v.list[x]' } }, 'preprocessor: bad-index', 0],
    ['a function without a range', { preprocessor: { x: 'randInt(5,5)' } }, 'preprocessor: equal-bounds', 0],
    ['a template that cannot be read', { body: '{{.a' }, 'template: template-syntax', 0],
    ['a template with a wrong field', { uri: '/{{.source.v.one.x.y}}' }, 'template: field-of-scalar', 0],
    ['a function with wrong arguments', { body: '{{randString -1}}' }, 'template: negative-length', 0],
    ['a uri that is no URL', { uri: '/%zz' }, 'template: bad-url', 0],
    [
      'a path that leads nowhere',
      { postprocessors: [{ path: [], type: 'var/jsonpath', mapping: { x: '$.nope' } }] },
      'postprocessor: missing-key',
      1,
    ],
    [
      'a path that is none',
      { postprocessors: [{ path: [], type: 'var/jsonpath', mapping: { x: '$[' } }] },
      'postprocessor: path-syntax',
      1,
    ],
    [
      'a response that is no JSON',
      { uri: '/html', postprocessors: [{ path: [], type: 'var/jsonpath', mapping: { x: '$.x' } }] },
      'postprocessor: not-json',
      1,
    ],
    [
      'an XPath that is none',
      { postprocessors: [{ path: [], type: 'var/xpath', mapping: { x: '//a[' } }] },
      'postprocessor: path-syntax',
      1,
    ],
    [
      'an XPath of a number',
      { postprocessors: [{ path: [], type: 'var/xpath', mapping: { x: 'count(//a)' } }] },
      'postprocessor: not-a-node-set',
      1,
    ],
    [
      'a function that XPath does not have',
      { postprocessors: [{ path: [], type: 'var/xpath', mapping: { x: 'nope()' } }] },
      'postprocessor: path-syntax',
      1,
    ],
    [
      'a modifier that is none',
      { postprocessors: [{ path: [], type: 'var/header', mapping: { x: 'X| upper' } }] },
      'postprocessor: unknown-modifier',
      1,
    ],
    [
      'a status that is not expected',
      {
        postprocessors: [
          { path: [], type: 'assert/response', body: [], headers: {}, statusCode: 201, size: undefined },
        ],
      },
      'postprocessor: status-mismatch',
      1,
    ],
  ];
  for (const [what, step, error, sent] of rows)
    it(what, () => {
      const play = playFile(
        { sources: [LIST], requests: [{ name: 'a', ...step }, { name: 'b' }], minWaitingTimeMs: 1000 },
        { scripts: { 'GET /a': '--j', 'GET /html': '--h' }, responses: { j: { json: { x: 1 } }, h: { body: '<p>' } } },
      );
      assert.deepEqual(samplesOf(play), [`s.a|__EMPTY__ 999 0 ${error}`]);
      assert.equal(play.requests.length, sent);
      // The rest is left out, waits too; and the scenario has failed.
      const whole = play.samples.at(-1);
      assert.deepEqual([whole?.tag, whole?.error, whole?.ended], ['s', error, sent === 0 ? 0 : 2]);
    });

  it('a failure of the network keeps its net code', () => {
    const play = playFile({ requests: [{ name: 'a' }, { name: 'b' }] }, { scripts: { 'GET /a': '-#' } });
    assert.deepEqual(samplesOf(play), ['s.a|__EMPTY__ 104 0 connection reset']);
  });

  it('a response with status 500 is no failure', () => {
    const play = playFile(
      { requests: [{ name: 'a' }, { name: 'b' }] },
      { scripts: { 'GET /a': 'x' }, responses: { x: { status: 500 } } },
    );
    assert.deepEqual(samplesOf(play), ['s.a 0 500', 's.b 0 200']);
  });

  it('is a warning at its place when it fails in every run', () => {
    const { warnings } = compiled(
      fileOf({
        requests: [
          {
            name: 'a',
            headers: { X: '{{' },
            preprocessor: { p: 'source.x[first]' },
            postprocessors: [{ path: [], type: 'var/xpath', mapping: { v: '//a[' } }],
          },
          { name: 'unused', body: '{{' },
        ],
        runs: ['a'],
      }),
    );
    assert.deepEqual(
      warnings.map(({ context, severity, value }) => [
        severity,
        context
          .slice(1)
          .map(({ key }) => key)
          .join('.'),
        value,
      ]),
      [
        ['warning', 'requests.0.headers.X', '{{'],
        ['warning', 'requests.0.preprocessor.mapping.p', 'source.x[first]'],
        ['warning', 'requests.0.postprocessors.0.mapping.v', '//a['],
      ],
    );
    assert.match(warnings[0]?.expected ?? '', /line 1, column 1 of the template: the action is not closed by \}\}/);
  });
});

describe('values that depend on chance and on the order', () => {
  const random: ShortRequest = {
    name: 'a',
    preprocessor: { u: 'source.v.list[rand]' },
    body: '{{uuid}} {{randInt 1000000}} {{randString 8}} {{.request.a.preprocessor.u}}',
  };

  it('depend on the seed and the index of the start, not on other runs', () => {
    const file = { sources: [LIST], requests: [random] };
    const together = bodiesOf(file, { runs: 4 });
    const apart = [0, 1, 2, 3].flatMap((index) => bodiesOf(file, { index }));
    assert.deepEqual(together, apart);
    assert.equal(new Set(together).size, 4);
    assert.notDeepEqual(together, bodiesOf(file, { runs: 4, seed: 2 }));
  });

  it('[next] counts over all runs, by the text up to the bracket', () => {
    const bodies = bodiesOf(
      {
        sources: [
          variables({
            users: [
              { id: 1, n: 'a' },
              { id: 2, n: 'b' },
              { id: 3, n: 'c' },
            ],
          }),
        ],
        requests: [
          {
            name: 'a',
            preprocessor: {
              id: 'source.v.users[next].id',
              n: ' source.v.users[next].n',
              other: 'source.v.users[ next ].id',
              last: 'source.v.users[last].n',
              minus: 'source.v.users[-2].n',
              wrapped: 'source.v.users[7].n',
            },
            body: '{{with .request.a.preprocessor}}{{.id}}{{.n}}{{.other}}{{.last}}{{.minus}}{{.wrapped}}{{end}}',
          },
        ],
      },
      { runs: 3 },
    );
    // The mapping uses the same counter twice in each run.
    assert.deepEqual(bodies, ['1b1cbb', '3a2cbb', '2c3cbb']);
  });

  it('variables are computed once for the whole run', () => {
    const file = {
      sources: [variables({ a: 'randString(12)', deep: { list: ['uuid()', 'randInt(5, 6)', 'plain'] } })],
      requests: [{ name: 'a', body: '{{.source.v.a}} {{.source.v.deep.list}}' }],
    };
    const bodies = bodiesOf(file, { runs: 3 });
    assert.equal(new Set(bodies).size, 1);
    assert.match(bodies[0] as string, /^[\w-]{12} \[[0-9a-f-]{36} 5 plain\]$/);
  });
});
