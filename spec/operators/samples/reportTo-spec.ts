import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatWith, delay, filter, ignoreElements, map, type Observable, of } from 'rxjs';
import type { Report } from '../../../lib/core/aggregator.js';
import { reportTo } from '../../../operators/samples/reportTo.js';
import { marbles } from '../marbles.js';

/** An aggregator that emits each sample in upper case and `!` when it has flushed, as marble values. */
const echo = (name: string) => (samples: Observable<string>) =>
  samples.pipe(
    map((s) => `${name}${s}`),
    concatWith(of(`${name}!`)),
  ) as unknown as Observable<Report>;
const values = { u: 'xa', v: 'ya', w: 'xb', x: 'yb', y: 'x!', z: 'y!' };

describe('reportTo', () => {
  it(
    'gives every sample to every aggregator and completes when all have',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   -a---b---|');
      const e1subs = '   ^--------!';
      const expected = ' -(uv)(wx)(yz|)';
      expectObservable(e1.pipe(reportTo(echo('x'), echo('y')))).toBe(expected, values);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'completes without samples after every aggregator has flushed',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<string>('---|').pipe(reportTo(echo('x')))).toBe('---(y|)', values);
      expectObservable(cold<string>('-').pipe(reportTo(echo('x')))).toBe('-');
    }),
  );

  it(
    'waits for an aggregator that closes slowly',
    marbles(({ cold, expectObservable, scheduler }) => {
      const slow = (samples: Observable<string>) =>
        samples.pipe(ignoreElements(), concatWith(of('x!').pipe(delay(4, scheduler)))) as unknown as Observable<Report>;
      expectObservable(cold('-a|').pipe(reportTo(slow))).toBe('------(y|)', values);
    }),
  );

  it(
    'flushes the others when one fails, takes no more samples, then passes the error on',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const bad = (samples: Observable<string>) =>
        samples.pipe(
          filter((s) => s === 'b'),
          map(() => {
            throw 'error';
          }),
        ) as Observable<Report>;
      const e1 = hot('   -a---b---c|');
      const e1subs = '   ^----!';
      const expected = ' -u---(wy#)';
      expectObservable(e1.pipe(reportTo(echo('x'), bad))).toBe(expected, values);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'flushes and then passes on an error of the samples',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<string>('-a-#').pipe(reportTo(echo('x')))).toBe('-u-(y#)', values);
    }),
  );

  it(
    'only drains the samples without an aggregator',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<string>('-a-|').pipe(reportTo())).toBe('---|');
      expectObservable(cold<string>('-a-#').pipe(reportTo())).toBe('---#');
    }),
  );

  it(
    'stops the samples when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   -a---b---|');
      const subs = '     ^--!';
      expectObservable(e1.pipe(reportTo(echo('x'))), subs).toBe('-u-', values);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it('passes each sample to every aggregator before the next one', () => {
    const log: string[] = [];
    const taker = (name: string) => (samples: Observable<string>) =>
      samples.pipe(
        map((sample) => log.push(`${name}${sample}`)),
        ignoreElements(),
      ) as Observable<Report>;
    of('a', 'b')
      .pipe(reportTo(taker('x'), taker('y')))
      .subscribe();
    assert.deepEqual(log, ['xa', 'ya', 'xb', 'yb']);
  });
});
