import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodiesOf, playFile } from './playFile.js';
import { LIST, variables } from './variables.js';

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
