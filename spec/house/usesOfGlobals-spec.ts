import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usesOfGlobals } from './usesOfGlobals.js';

describe('usesOfOutsideWorld', () => {
  const rows: readonly [text: string, what: string, sentence: string][] = [
    ['const t = Date.now();', 'Date.now', 'the system clock'],
    ['const t = new Date();', 'new Date', 'the system clock as a Date'],
    ['const t = new Date(ms);', 'new Date', 'a Date of a number: a reason is to be given'],
    ['const t = Date();', 'Date', 'the system clock as text'],
    ['const clock = Date;', 'Date', 'the clock under another name'],
    ['const { now } = performance;', 'performance', 'the clock, taken apart'],
    ['const deps = { performance };', 'performance', 'the clock, handed on'],
    ['const t = performance.now();', 'performance.now', 'the monotonic clock'],
    ['const t = globalThis.performance;', 'globalThis', 'any global by way of globalThis'],
    ['setTimeout(f, 1);', 'setTimeout', 'a timer'],
    ['setImmediate(f);', 'setImmediate', 'the end of a turn'],
    ['queueMicrotask(f);', 'queueMicrotask', 'a microtask'],
    ['process.nextTick(f);', 'process.nextTick', 'the next tick of node'],
    ['const { env } = process;', 'process', 'the environment'],
    ['const r = Math.random();', 'Math.random', 'chance without a seed'],
    ['const r = crypto.randomUUID();', 'crypto.randomUUID', 'chance by another name'],
    ["import { setTimeout as wait } from 'node:timers/promises';", 'node:timers/promises', 'timers, imported'],
    ["import { argv } from 'node:process';", 'node:process', 'the process, imported'],
  ];
  for (const [text, what, sentence] of rows) {
    it(`finds ${sentence}: ${text}`, () => {
      assert.deepEqual(usesOfGlobals(`\n${text}`), [{ line: 2, what }]);
    });
  }

  const fine: readonly [text: string, sentence: string][] = [
    ['// Date.now() and setTimeout(f)', 'a comment'],
    ["const name = 'process.env';", 'a string'],
    ['const t = scheduler.now();', 'the clock that was handed in'],
    ['const p = deps.process.memory;', 'a property of that name'],
    ['interface A { process: Date; performance(): void }', 'types and names of members'],
    ['const t = Date.UTC(2020, 1); const u = Date.parse(text);', 'arithmetic with dates'],
    ['const is = x instanceof Date;', 'a test of a type'],
    ["import type { Timer } from 'node:timers';", 'an import of types'],
  ];
  for (const [text, sentence] of fine) {
    it(`does not mind ${sentence}: ${text}`, () => assert.deepEqual(usesOfGlobals(text), []));
  }
});
