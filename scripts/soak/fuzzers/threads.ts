import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzer } from '../fuzzer.js';
import { endOf, linesAgree, onPlayground, writeLoad } from './processes.js';

/** An operator that ends its thread at a tick, in one of three ways. */
const BREAKS = `import { defineOperator, struct } from 'elpis';
import { map } from 'rxjs';
const HOW = {
  exit: () => process.exit(0),
  throw: () => { throw new Error('broken'); },
  uncaught: () => { setTimeout(() => { throw new Error('broken'); }); },
};
export default defineOperator('ticks', {
  name: 'breaks', summary: 'Breaks.', options: struct('breaks', {}),
  create: (_config, { share }) => {
    let broken = false;
    return map((tick) => {
      if (!broken && share.index === Number(process.env.SHARE) && tick.index >= Number(process.env.TICK)) {
        broken = true;
        HOW[process.env.HOW]();
      }
      return tick;
    });
  },
});
`;

/** Threads of a real process that end. */
export const threadsThatEnd = fuzzer({
  name: 'processes/threads',
  holds: 'a thread that ends at any operation is a failure with a message, and what the others recorded is counted',
  runs: 1,
  input: fc.record({
    of: fc.constantFrom(2, 3),
    share: fc.nat(1),
    tick: fc.nat(60),
    how: fc.constantFrom('exit', 'throw', 'uncaught'),
  }),
  check: ({ of, share, tick, how }) =>
    onPlayground(async (place) => {
      const { bench } = place;
      bench.write('breaks.ts', BREAKS);
      writeLoad(place, {
        ms: 800,
        more: 'plugins: [./breaks.ts]',
        pool: '    operators: {ticks: [{type: breaks}]}\n',
      });
      const { child, finished } = bench.start(
        ['run', 'load.yaml', '--threads', String(of), '--summary-json', 's.json'],
        { SHARE: String(share), TICK: String(tick), HOW: how },
      );
      const { code, signal, stderr } = await endOf(child, finished);
      assert.deepEqual([code, signal], [1, null], stderr);
      assert.match(stderr, /ELPIS_(SHARE|OPERATOR|UNCAUGHT|PLUGIN)/);
      // A thread that exits takes along what it has not sent yet, so its lines and its counts may differ.
      if (how !== 'exit') linesAgree(bench);
    }),
  limitMs: 30_000,
  shrinks: false,
});
