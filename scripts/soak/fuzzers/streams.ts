import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzer } from '../fuzzer.js';
import { endOf, linesAgree, momentOf, onPlayground, writeLoad } from './processes.js';

const PHOUT = '{type: phout, destination: phout.log}';

/** Faults of files, and the exit code that docs/FAULTS.md has for each. */
const FULL = {
  'a second result': { result: `[${PHOUT}, {type: csv, sink: /dev/full}]`, more: '', code: 1 },
  'the log': { result: PHOUT, more: 'log: {level: debug, file: /dev/full}', code: 0 },
  none: { result: PHOUT, more: '', code: 0 },
} as const;

/** Streams of a real process whose reader goes, and files on a full disk. */
export const streamsThatFail = fuzzer({
  name: 'processes/streams',
  holds: 'with a closed reader of a stream or a full disk, a run still ends with its summary and its documented code',
  runs: 3,
  input: fc.record({
    threads: fc.constantFrom(1, 1, 2),
    ms: fc.integer({ min: 50, max: 1500 }),
    full: fc.constantFrom<keyof typeof FULL>('a second result', 'the log', 'none'),
    gone: fc.subarray(['stdout', 'stderr'] as const),
    shooting: fc.boolean(),
    after: fc.nat(1000),
  }),
  check: ({ threads, ms, full, gone, shooting, after }) =>
    onPlayground(async (place) => {
      const { bench, target } = place;
      const { result, more, code: expected } = FULL[full];
      writeLoad(place, { ms, result, more });
      const { child, finished } = bench.start([
        ...['run', 'load.yaml', '--threads', String(threads), '--summary-json', 's.json'],
      ]);
      const moment = momentOf(target, shooting, after).then(() => {
        for (const stream of gone) child[stream]?.destroy();
      });
      const { code, signal, stderr } = await endOf(child, finished);
      await moment;
      assert.deepEqual([code, signal], [expected, null], stderr);
      linesAgree(bench);
    }),
  limitMs: 30_000,
  shrinks: false,
});
