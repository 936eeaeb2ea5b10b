import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compiled, fileOf, playFile, type ShortRequest, samplesOf } from './playFile.js';
import { LIST } from './variables.js';

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
