import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodiesOf, compiled, fileOf, playFile, type ShortRequest, samplesOf } from './playFile.js';
import { LIST, variables } from './variables.js';

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
