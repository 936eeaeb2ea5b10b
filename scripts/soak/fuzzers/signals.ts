import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { fuzzer } from '../fuzzer.js';
import { endOf, linesAgree, momentOf, onPlayground, writeLoad } from './processes.js';

const signal = fc.constantFrom<NodeJS.Signals>('SIGINT', 'SIGTERM', 'SIGHUP');

/** Signals to a real process. */
export const signalsAtAnyMoment = fuzzer({
  name: 'processes/signals',
  holds:
    'signals at any moment end a run with a documented code, and the results have the lines that the summary counts',
  runs: 3,
  input: fc.record({
    threads: fc.constantFrom(1, 1, 2),
    delayMs: fc.constantFrom(0, 20, 400),
    ms: fc.constantFrom(200, 1000, 20_000),
    shooting: fc.boolean(),
    first: fc.tuple(fc.nat(1200), signal),
    more: fc.array(fc.tuple(fc.nat(300), signal), { maxLength: 3 }),
  }),
  check: ({ threads, delayMs, ms, shooting, first: [after, first], more }) =>
    onPlayground(async (place) => {
      const { bench, target } = place;
      writeLoad(place, { ms, delayMs });
      const { child, finished } = bench.start([
        ...['run', 'load.yaml', '--threads', String(threads), '--summary-json', 's.json'],
      ]);
      await momentOf(target, shooting, after);
      child.kill(first);
      for (const [ms, again] of more) {
        await delay(ms);
        child.kill(again);
      }
      const { code, signal: killedBy, stderr } = await endOf(child, finished);
      if (killedBy !== null && target.stats().total === 0) return;
      // The system ends a process that does not listen: not yet, so it has shot nothing; or no longer, so all is written.
      if (killedBy !== null) assert.ok([first, ...more.map(([, again]) => again)].includes(killedBy), stderr);
      // 0: the run had ended by itself before the signal.
      else assert.ok(code === 0 || code === 128 + constants.signals[first], `exit code ${code}: ${stderr}`);
      assert.doesNotMatch(stderr, /unexpected| {4}at /);
      linesAgree(bench);
    }),
  limitMs: 30_000,
  shrinks: false,
});
