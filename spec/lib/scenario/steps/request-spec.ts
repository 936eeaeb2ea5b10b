import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delay, filter, map, mergeMap, of } from 'rxjs';
import { isElpisError } from '../../../../lib/core/errors.js';
import type { HttpRequest } from '../../../../lib/protocols/http.js';
import { header } from '../../../../lib/scenario/extractors/extractor.js';
import { extract } from '../../../../lib/scenario/steps/extract.js';
import {
  del,
  get,
  head,
  patch,
  post,
  put,
  type RequestOptions,
  request,
} from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { draw, play } from '../draw.js';

const sent = (options: RequestOptions<object>, path = '/a'): HttpRequest => {
  const [first] = play(request('a', 'POST', path, options)).requests;
  if (first === undefined) assert.fail('nothing was sent');
  return first.request;
};
const refusal = (code: 'ELPIS_CONFIG' | 'ELPIS_SHOT', message: RegExp) => (error: unknown) =>
  isElpisError(error, code) && message.test(error.message);

describe('request', () => {
  it('sends, waits for the response and is recorded, as is the scenario', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/a'), get('b', '/slow'))),
      ['ms   0   2    8', 's    |--------|', 's/a  o---200', 's/b      o----200'],
    );
  });

  const methods = { get, post, put, patch, del, head };
  const expected = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', del: 'DELETE', head: 'HEAD' };
  for (const [name, method] of Object.entries(methods)) {
    it(`${name} is a short form`, () => {
      assert.equal(play(method('a', '/a')).requests[0]?.request.method, expected[name as keyof typeof expected]);
    });
  }

  const parts: [
    sentence: string,
    options: RequestOptions<object>,
    part: (made: HttpRequest) => unknown,
    value: unknown,
  ][] = [
    ['no body by default', {}, ({ body }) => body, null],
    ['a text', { body: 'täxt' }, ({ body }) => String(body), 'täxt'],
    ['bytes', { body: Buffer.from([0, 255]) }, ({ body }) => [...(body ?? [])], [0, 255]],
    ['JSON', { json: { a: [1, null], b: undefined } }, ({ body }) => String(body), '{"a":[1,null]}'],
    ['JSON says so', { json: 1 }, ({ headers }) => headers, [['Content-Type', 'application/json']]],
    ['a form', { form: { a: 'x y&', b: 2, c: true, d: undefined } }, ({ body }) => String(body), 'a=x+y%26&b=2&c=true'],
    ['a form says so', { form: {} }, ({ headers }) => headers, [['Content-Type', 'application/x-www-form-urlencoded']]],
    [
      'a content type of its own',
      { json: 1, headers: { 'content-type': 'a/b' } },
      ({ headers }) => headers,
      [['content-type', 'a/b']],
    ],
    ['headers, without what is undefined', { headers: { A: 1, B: undefined } }, ({ headers }) => headers, [['A', '1']]],
    ['a host', { headers: { Host: 'h:1' } }, ({ host, headers }) => [host, headers], ['h:1', []]],
    ['a query', { query: { q: 'ä &', n: 1, none: undefined } }, ({ target }) => target, '/a?q=%C3%A4+%26&n=1'],
    ['functions of the session', { body: (vars) => JSON.stringify(vars) }, ({ body }) => String(body), '{}'],
  ];
  for (const [sentence, options, part, value] of parts) {
    it(`is made of parts: ${sentence}`, () => assert.deepEqual(part(sent(options)), value));
  }

  it('escapes what a URL cannot hold, and keeps the query of the path', () => {
    assert.equal(sent({ query: { b: 2 } }, '/a b?a=1').target, '/a%20b?a=1&b=2');
  });

  it('ends the scenario when no response comes, with the name of the failure', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/dead'), get('b', '/b'))),
      ['ms   0   1', 's    |---#connection reset', 's/a  o---#connection reset'],
    );
  });

  it('goes on when that is allowed; a bad status is a response anyway', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/dead', { otherwise: 'continue' }), get('b', '/bad'))),
      [
        'ms   0   1                  2',
        's    |----------------------|',
        's/a  o---#connection reset',
        's/b      o------------------500',
      ],
    );
  });

  it('is intended for the planned end of the pause before it, else for now', () => {
    const { samples } = play((flow) => flow.pipe(get('a', '/a'), pause(10), get('b', '/b'), get('c', '/c')));
    assert.deepEqual(
      samples.map(({ tag, intended, started, ended }) => [tag, intended, started, ended]),
      [
        ['s/a', 0, 0, 2],
        ['s/b', 12, 12, 14],
        ['s/c', 14, 14, 16],
        ['s', 0, 0, 16],
      ],
    );
  });

  it('sends the sessions of a flow one after another', () => {
    const two = play((flow) =>
      flow.pipe(
        mergeMap((session) => of(session, session)),
        get('a', '/a'),
      ),
    );
    assert.deepEqual(
      two.requests.map(({ at }) => at),
      [0, 2],
    );
  });

  it('lets RxJS stand between steps: a session that is filtered out goes no further', () => {
    const { requests, samples } = play((flow) =>
      flow.pipe(
        get('a', '/a'),
        filter(({ response }) => response?.status !== 200),
        get('b', '/b'),
      ),
    );
    assert.deepEqual(
      [requests.length, samples.map(({ tag, error }) => [tag, error])],
      [
        1,
        [
          ['s/a', ''],
          ['s', ''],
        ],
      ],
    );
  });

  it('a response that comes at once, and one that never comes', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/now'), get('b', '/never'))),
      ['ms   0', 's/a  200', 's/b  o--->'],
    );
  });

  it('an exception of a part ends the run; the samples before it are there', () => {
    const broken = play((flow) =>
      flow.pipe(
        get('a', '/a'),
        get('b', () => {
          throw new RangeError('mine');
        }),
      ),
    );
    assert.match(String(broken.error), /mine/);
    assert.deepEqual(
      broken.samples.map(({ tag }) => tag),
      ['s/a'],
    );
  });

  it('an exception of an operator of the user ends the run too, after the sample', () => {
    const broken = play((flow) =>
      flow.pipe(
        get('a', '/a'),
        map(() => {
          throw new RangeError('mine');
        }),
      ),
    );
    assert.match(String(broken.error), /mine/);
    assert.deepEqual(
      broken.samples.map(({ tag }) => tag),
      ['s/a'],
    );
  });

  it('a delay of RxJS on another clock is none of its business: nothing is sent in virtual time', () => {
    const { samples } = play((flow) => flow.pipe(delay(1), get('a', '/a')));
    assert.deepEqual(samples, []);
  });

  const refusals: [sentence: string, make: () => unknown, message: RegExp][] = [
    ['a slash in the name', () => get('a/b', '/'), /name of a request is "a\/b"/],
    ['an empty name', () => get('', '/'), /name of a request is ""/],
    ['a tab in the name', () => get('a\tb', '/'), /name of a request/],
    ['a space at an end', () => get(' a', '/'), /name of a request/],
    ['a method that is none', () => request('a', 'G T', '/'), /request "a": "G T" is not a method/],
    ['two bodies', () => post('a', '/', { json: 1, form: {} }), /request "a" has json and form/],
  ];
  for (const [sentence, make, message] of refusals) {
    it(`refuses ${sentence}`, () => assert.throws(make, refusal('ELPIS_CONFIG', message)));
  }

  it('refuses a path without a slash', () =>
    assert.throws(() => get('a', 'http://x'), refusal('ELPIS_CONFIG', /request "a": the path is "http:\/\/x"/)));

  const locations: [location: string, target: string | undefined][] = [
    ['/next?a=1', '/next?a=1'],
    ['http://target/next?a=1#x', '/next?a=1'],
    ['http://target:81/next', undefined],
    ['https://target/next', undefined],
    ['http://other/next', undefined],
    ['next', undefined],
    ['', undefined],
    ['javascript:alert(1)', undefined],
  ];
  for (const [location, target] of locations)
    it(`a Location ${JSON.stringify(location)} ${target === undefined ? 'is a failed sample' : `leads to ${target}`}`, () => {
      const { requests, samples, error } = play(
        (flow) =>
          flow.pipe(
            get('a', '/moved'),
            extract({ next: header('location') }),
            get('b', ({ next }) => next),
          ),
        { scripts: { 'GET /moved': 'm' }, responses: { m: { status: 302, headers: { Location: location } } } },
      );
      const failed = target === undefined ? 'bad path' : '';
      assert.equal(requests[1]?.request.target, target);
      assert.deepEqual(
        [samples.map((sample) => [sample.tag, sample.error]), error],
        [
          [
            ['s/a', ''],
            ['s/b', failed],
            ['s', failed],
          ],
          undefined,
        ],
      );
    });

  it('a path that cannot be sent goes on when it may', () => {
    const { samples } = play((flow) =>
      flow.pipe(
        get('a', () => 'x', { otherwise: 'continue' }),
        get('b', '/b'),
      ),
    );
    assert.deepEqual(
      samples.map((sample) => [sample.tag, sample.error]),
      [
        ['s/a', 'bad path'],
        ['s/b', ''],
        ['s', ''],
      ],
    );
  });

  it('is aborted after its timeout, and fails as one', () => {
    assert.deepEqual(
      draw((flow) =>
        flow.pipe(get('a', '/never', { timeoutMs: 5, otherwise: 'continue' }), get('b', '/b', { timeoutMs: 3 })),
      ),
      ['ms   0   5         7', 's    |-------------|', 's/a  o---#timeout', 's/b      o---------200'],
    );
    const { samples } = play(get('a', '/never', { timeoutMs: 5 }));
    assert.deepEqual(
      samples.map(({ netCode, ended }) => [netCode, ended]),
      [
        [110, 5],
        [110, 5],
      ],
    );
  });

  it('refuses a timeout that is not above 0', () => {
    for (const timeoutMs of [0, -1, Number.NaN])
      assert.throws(() => get('a', '/', { timeoutMs }), refusal('ELPIS_CONFIG', /request "a": timeoutMs is/));
  });
});
