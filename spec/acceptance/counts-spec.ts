import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

interface Pool {
  readonly planned: { readonly count: number };
  readonly total: { readonly shots: number; readonly discarded: number; readonly unfinished: number };
  readonly withoutAmmo: number;
}

/** Runs whose operations end in different ways: the config, and which of the four ends must occur. */
const RUNS: readonly [what: string, ammo: string, rps: string, ends: readonly (keyof Ends)[]][] = [
  ['all are shot', '{type: uri, uris: ["/"]}', '{type: const, ops: 100, duration: 1s}', ['ended']],
  [
    'there are too few instances',
    '{type: uri, uris: ["/delay/300"]}',
    '{type: once, times: 60}',
    ['ended', 'discarded'],
  ],
  [
    'the ammo ends',
    '{type: uri, uris: ["/"], limit: 30}',
    '{type: const, ops: 100, duration: 1s}',
    ['ended', 'withoutAmmo'],
  ],
];

interface Ends {
  readonly ended: number;
  readonly discarded: number;
  readonly unfinished: number;
  readonly withoutAmmo: number;
}

const endsOf = ({ total, withoutAmmo }: Pool): Ends => ({
  ended: total.shots,
  discarded: total.discarded,
  unfinished: total.unfinished,
  withoutAmmo,
});

const sum = ({ ended, discarded, unfinished, withoutAmmo }: Ends): number =>
  ended + discarded + unfinished + withoutAmmo;

describe('every planned operation is counted once', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const write = (ammo: string, rps: string, threads: number): void => {
    bench.write(
      'load.yaml',
      `threads: ${threads}
pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: ${ammo}
    result: {type: phout, destination: ./phout.log}
    rps: ${rps}
    startup: {type: once, times: 4}
`,
    );
  };
  const summary = (): Pool => (JSON.parse(bench.read('s.json')) as { readonly pools: readonly [Pool] }).pools[0];
  const ARGS = ['run', 'load.yaml', '--quiet', '--summary-json', 's.json'];

  for (const threads of [1, 2]) {
    for (const [what, ammo, rps, expected] of RUNS) {
      it(`in ${threads} thread(s), when ${what}: in the summary, in phout and at the server`, async () => {
        write(ammo, rps, threads);
        const { code, stderr } = await bench.run(ARGS);
        assert.equal(code, 0, stderr);
        const pool = summary();
        const ends = endsOf(pool);
        assert.equal(sum(ends), pool.planned.count, JSON.stringify(ends));
        for (const end of expected) assert.ok(ends[end] > 0, `none is ${end}: ${JSON.stringify(ends)}`);
        assert.equal(phoutRows(bench.read('phout.log')).length, ends.ended + ends.discarded + ends.unfinished);
        assert.equal(target.stats().total, ends.ended);
      });
    }

    it(`in ${threads} thread(s), when a signal ends the run: operations that were not due yet are not counted`, async () => {
      write('{type: uri, uris: ["/delay/200"]}', '{type: const, ops: 50, duration: 60s}', threads);
      const { child, finished } = bench.start(ARGS);
      while (target.stats().total < 20) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill('SIGTERM');
      const { code, stderr } = await finished;
      assert.equal(code, 143, stderr);
      const pool = summary();
      const ends = endsOf(pool);
      assert.ok(ends.ended > 0 && sum(ends) < pool.planned.count, JSON.stringify(ends));
      assert.equal(phoutRows(bench.read('phout.log')).length, ends.ended + ends.discarded + ends.unfinished);
      const seen = target.stats().total;
      assert.ok(
        seen >= ends.ended && seen <= ends.ended + ends.unfinished,
        `${seen} requests, ${JSON.stringify(ends)}`,
      );
    });
  }
});
