import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkerState } from '../../../lib/measure/workerState.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { type PlayOptions, SharedPlay } from './play.js';

const playOf = (options: Partial<PlayOptions>): SharedPlay =>
  new SharedPlay({
    of: 4,
    config: (_index, clock) => ({
      pools: [
        {
          id: 'p',
          gun: new FakeGunFactory({ scheduler: clock, latencyMs: 30 }),
          ammo: { type: 'uri', uris: ['/ a'] },
          result: { type: 'discard' },
          rps: { type: 'const', ops: 100, duration: '5s' },
          startup: { type: 'once', times: 8 },
        },
      ],
    }),
    ...options,
  });

const phases = (table: readonly WorkerState[] | undefined): readonly string[] =>
  (table ?? []).map(({ worker, phase }) => `${worker} ${phase}`);

describe('the table of workers', () => {
  it('is emitted at the beginning, once a second, and at the end', async () => {
    const play = await playOf({ run: { noun: 'thread' } }).toTheEnd();
    assert.deepEqual(
      phases(play.tables[0]),
      [0, 1, 2, 3].map((n) => `thread ${n} preparing`),
    );
    assert.deepEqual(
      phases(play.tables[1]),
      [0, 1, 2, 3].map((n) => `thread ${n} running`),
    );
    assert.deepEqual(
      phases(play.tables.at(-1)),
      [0, 1, 2, 3].map((n) => `thread ${n} ended`),
    );
    assert.equal(play.tables.length, 1 + 5 + 1);
  });

  it('has the processors that the shares report, added up by worker, and none of those that have ended', async () => {
    const play = playOf({
      run: { workerOf: (share) => ({ worker: `process ${Math.floor(share / 2)}` }) },
      shareOptions: (index) => ({ cpu: () => (index + 1) / 4 }),
    });
    await play.play(2500);
    assert.deepEqual(
      play.tables.at(-1)?.map(({ worker, shares, cpu }) => [worker, shares, cpu]),
      [
        ['process 0', [0, 1], 0.75],
        ['process 1', [2, 3], 1.75],
      ],
    );
    await play.toTheEnd();
    assert.deepEqual(
      play.tables.at(-1)?.map(({ cpu }) => cpu),
      [null, null],
    );
  });

  it('shows a lost share at once, and the others as running', async () => {
    const play = playOf({ run: { onLostShare: 'continue' } });
    await play.play(2500);
    const before = play.tables.length;
    play.shareEnds[2]?.close();
    assert.equal(play.tables.length, before + 1, 'at once');
    assert.deepEqual(phases(play.tables.at(-1)), [
      ...['share 0 running', 'share 1 running', 'share 2 lost', 'share 3 running'],
    ]);
    await play.toTheEnd();
    assert.deepEqual(phases(play.tables.at(-1)), [
      ...['share 0 ended', 'share 1 ended', 'share 2 lost', 'share 3 ended'],
    ]);
  });

  it('shows a share that sends nothing for 10 s as silent', async () => {
    const play = playOf({
      instead: (index, link) => {
        if (index !== 1) return false;
        link.messages.subscribe(({ type }) => {
          if (type === 'task') {
            link.send({ type: 'joined', version: 4 });
            link.send({ type: 'ready', pool: 'p', missing: [] });
          }
        });
        return true;
      },
    });
    await play.play(9_500);
    assert.deepEqual(phases(play.tables.at(-1))[1], 'share 1 running');
    await play.play(2_000);
    assert.deepEqual(phases(play.tables.at(-1))[1], 'share 1 silent');
    play.unsubscribe();
  });

  it('of a large run comes less often, so that a record does not grow with the square of the length', async () => {
    const play = playOf({ of: 51, instead: () => true });
    await play.play(5100);
    assert.equal(play.tables.length, 1 + 3, 'every second second');
    play.unsubscribe();
  });
});
