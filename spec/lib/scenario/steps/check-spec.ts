import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../../lib/core/errors.js';
import { status } from '../../../../lib/scenario/checks.js';
import { header, orElse } from '../../../../lib/scenario/extractors/extractor.js';
import { check } from '../../../../lib/scenario/steps/check.js';
import { extract } from '../../../../lib/scenario/steps/extract.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { pause } from '../../../../lib/scenario/steps/waits.js';
import { draw, play } from '../draw.js';

const no = () => false;

describe('check', () => {
  it('lets a good response pass', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/a'), check({ found: status(200) }))),
      ['ms   0   2', 's    |---|', 's/a  o---200'],
    );
  });

  it('ends the scenario, and is counted by its name with the request and the scenario', () => {
    const { samples, requests } = play((flow) =>
      flow.pipe(get('a', '/bad'), check({ found: status(200) }), get('b', '/b')),
    );
    assert.equal(requests.length, 1);
    assert.deepEqual(
      samples.map(({ tag, netCode, status, error }) => [tag, netCode, status, error]),
      [
        ['s/a', 998, 500, 'check: found'],
        ['s', 998, 0, 'check: found'],
      ],
    );
  });

  it('continues with otherwise: continue: then only the request is marked', () => {
    assert.deepEqual(
      draw((flow) =>
        flow.pipe(get('a', '/a'), check({ x: no, y: no, z: () => true }, { otherwise: 'continue' }), get('b', '/b')),
      ),
      [
        'ms   0   2                       4',
        's    |---------------------------|',
        's/a  o---200#check: x, check: y',
        's/b      o-----------------------200',
      ],
    );
  });

  it('after a step that takes time it marks the scenario', () => {
    const { samples } = play((flow) =>
      flow.pipe(get('a', '/a'), pause(5), check({ late: no }, { otherwise: 'continue' }), get('b', '/b')),
    );
    assert.deepEqual(
      samples.map(({ tag, error }) => [tag, error]),
      [
        ['s/a', ''],
        ['s/b', ''],
        ['s', 'check: late'],
      ],
    );
  });

  it('fails without a response', () => {
    const { samples } = play((flow) =>
      flow.pipe(get('a', '/dead', { otherwise: 'continue' }), check({ found: () => true })),
    );
    assert.deepEqual(
      samples.map(({ tag, netCode, error }) => [tag, netCode, error]),
      [
        ['s/a', 104, 'connection reset, check: found'],
        ['s', 998, 'check: found'],
      ],
    );
  });

  it('gets the variables and the time of the request', () => {
    const told: unknown[] = [];
    play((flow) =>
      flow.pipe(
        extractable(),
        check({
          seen: ({ status }, vars, ms) => {
            told.push([status, vars, ms]);
            return true;
          },
        }),
      ),
    );
    assert.deepEqual(told, [[200, { x: 1 }, 2]]);
  });

  it('an exception of a test ends the run', () => {
    const { error } = play((flow) =>
      flow.pipe(
        get('a', '/a'),
        check({
          broken: () => {
            throw new TypeError('mine');
          },
        }),
      ),
    );
    assert.match(String(error), /mine/);
  });

  it('before any request it is an error', () => {
    const { error } = play(check({ a: no }));
    assert.ok(isElpisError(error, 'ELPIS_SHOT'));
    assert.equal((error as Error).message, 's: check is before any request');
  });
});

const extractable = () => (flow: Parameters<Parameters<typeof play>[0]>[0]) =>
  flow.pipe(get('a', '/a'), extract({ x: orElse(header('x'), 1) }));

describe('extract', () => {
  it('adds variables, one by one', () => {
    const { requests } = play(
      (flow) =>
        flow.pipe(
          get('a', '/h'),
          extract({ x: header('X-Id') }),
          extract({ y: header('x-id') }),
          get('b', ({ x, y }) => `/${x}${y}`),
        ),
      { scripts: { 'GET /h': '-h' }, responses: { h: { headers: { 'X-Id': '7' } } } },
    );
    assert.equal(requests[1]?.request.target, '/77');
  });

  it('a missing value is a failed check with its name, and ends the scenario', () => {
    assert.deepEqual(
      draw((flow) => flow.pipe(get('a', '/a'), extract({ x: header('x'), y: header('y') }), get('b', '/b'))),
      ['ms   0   2', 's    |---#extract: x', 's/a  o---200#extract: x, extract: y'],
    );
  });

  it('has a default value', () => {
    const { requests } = play((flow) =>
      flow.pipe(
        extractable(),
        get('b', ({ x }) => `/${x}`),
      ),
    );
    assert.equal(requests[1]?.request.target, '/1');
  });

  it('fails without a response, and is an error before any request', () => {
    const { samples } = play((flow) =>
      flow.pipe(get('a', '/dead', { otherwise: 'continue' }), extract({ x: header('x') })),
    );
    assert.equal(samples.at(-1)?.error, 'extract: x');
    assert.match(String(play(extract({ x: header('x') })).error), /extract is before any request/);
  });
});
