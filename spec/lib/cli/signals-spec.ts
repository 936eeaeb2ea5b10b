import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { signals } from '../../../lib/cli/signals.js';

describe('signals', () => {
  const rows: readonly (readonly [
    sentence: string,
    sent: readonly string[],
    limitsMs: readonly number[],
    code: number,
  ])[] = [
    ['SIGINT gives shots 30 s', ['SIGINT'], [30_000], 130],
    ['SIGTERM gives shots 3 s', ['SIGTERM'], [3000], 143],
    ['SIGHUP gives shots 3 s', ['SIGHUP'], [3000], 129],
    ['a second one ends at once', ['SIGINT', 'SIGINT'], [30_000, 0], 130],
    ['the first one decides the code, of two', ['SIGTERM', 'SIGINT'], [3000, 0], 143],
    ['the first one decides the code, of three', ['SIGTERM', 'SIGINT', 'SIGHUP'], [3000, 0, 0], 143],
  ];
  for (const [sentence, sent, limitsMs, code] of rows)
    it(sentence, () => {
      const source = new EventEmitter();
      const limits: number[] = [];
      let last = 0;
      const listening = signals(source).subscribe(({ limitMs, exitCode }) => {
        limits.push(limitMs);
        last = exitCode;
      });
      for (const signal of sent) source.emit(signal, signal);
      listening.unsubscribe();
      assert.deepEqual([limits, last], [limitsMs, code]);
      assert.equal(source.listenerCount('SIGINT'), 0);
    });
});
