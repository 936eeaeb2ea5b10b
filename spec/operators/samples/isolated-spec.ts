import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  concat,
  concatWith,
  EMPTY,
  ignoreElements,
  map,
  NEVER,
  type Observable,
  of,
  Subject,
  take,
  throwError,
} from 'rxjs';
import type { Report } from '../../../lib/core/aggregator.js';
import { defined } from '../../../lib/core/defined.js';
import { FakeAggregator } from '../../../lib/testing/fakeAggregator.js';
import { type IsolatedOptions, isolated, type ReporterFailure } from '../../../operators/samples/isolated.js';
import { reportTo } from '../../../operators/samples/reportTo.js';
import { marbles } from '../marbles.js';

const report = (received: number, final = false, detail?: ReporterFailure): Report => {
  const plain = { from: 'x', received, dropped: 0, final };
  return detail === undefined ? plain : { ...plain, detail };
};
const failure = (missed: number): ReporterFailure => ({ kind: 'failure', error: 'error', missed });
const values = { r: report(1), f: report(2, false, failure(0)), F: report(4, true, failure(2)), z: report(0, true) };

/** Reports each sample, fails at `b`, and emits `z` at the end. */
const bad = (samples: Observable<string>): Observable<Report> =>
  samples.pipe(
    map((sample) => {
      if (sample === 'b') throw 'error';
      return values.r;
    }),
    concatWith(of(values.z)),
  );

describe('isolated', () => {
  it(
    'continues without an aggregator that failed, and passes the failure on at the end',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   --a--b--c--d--|');
      const e1subs = '   ^-------------!';
      const expected = ' --r--f--------#';
      expectObservable(e1.pipe(isolated(bad))).toBe(expected, values);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'only reports the failure when configured, with the number of missed samples',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   --a--b--c--d--|');
      const e1subs = '   ^-------------!';
      const expected = ' --r--f--------(F|)';
      expectObservable(e1.pipe(isolated(bad, { atEnd: 'complete' }))).toBe(expected, values);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'changes nothing while the aggregator works',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-a-|').pipe(isolated(bad))).toBe('-r-r-(z|)', values);
      expectObservable(cold<string>('---|').pipe(isolated(bad))).toBe('---(z|)', values);
      expectObservable(cold<string>('-').pipe(isolated(bad))).toBe('-');
    }),
  );

  it(
    'passes on an error of the samples, before and after a failure',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-#', undefined, 'lost').pipe(isolated(bad))).toBe('-r-#', values, 'lost');
      const options: IsolatedOptions = { name: 'x', atEnd: 'complete' };
      const first = report(1, false, failure(0));
      expectObservable(cold('-b-#', undefined, 'lost').pipe(isolated(bad, options))).toBe('-f-#', { f: first }, 'lost');
    }),
  );

  it(
    'treats a failure while it flushes in the same way',
    marbles(({ cold, expectObservable }) => {
      const late = (samples: Observable<string>): Observable<Report> =>
        concat(
          samples.pipe(ignoreElements()),
          throwError(() => 'error'),
        );
      const options: IsolatedOptions = { name: 'x', atEnd: 'complete' };
      const told = { f: report(1, false, failure(0)), F: report(1, true, failure(0)) };
      expectObservable(cold('-a-|').pipe(isolated(late, options))).toBe('---(fF|)', told);
      expectObservable(cold('-a-|').pipe(isolated(late, { name: 'x' }))).toBe('---(f#)', told);
    }),
  );

  it(
    'treats an aggregator that cannot be made in the same way',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const unmade = (): Observable<Report> => {
        throw 'error';
      };
      const e1 = hot('   -a-|');
      const e1subs = '   ^--!';
      const expected = ' f--#';
      expectObservable(e1.pipe(isolated(unmade, { name: 'x' }))).toBe(expected, { f: report(0, false, failure(0)) });
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'closes the aggregator and the samples when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   -a---b---');
      const subs = '     ^--!';
      expectObservable(e1.pipe(isolated(bad)), subs).toBe('-r-', values);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it('reports the failure immediately, once', () => {
    const told: unknown[] = [];
    const source = new Subject<string>();
    source.pipe(isolated(bad, { onFailure: (error) => told.push(error), atEnd: 'complete' })).subscribe();
    source.next('b');
    assert.deepEqual(told, ['error']);
    source.next('b');
    source.complete();
    assert.deepEqual(told, ['error']);
  });

  it(
    'passes on an exception of onFailure at once',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const onFailure = (): never => {
        throw 'worse';
      };
      const e1 = hot('   -b--a--|');
      const e1subs = '   ^!';
      expectObservable(e1.pipe(isolated(bad, { onFailure }))).toBe('-#', {}, 'worse');
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it('stops a synchronous source when it is unsubscribed from inside next', () => {
    const echo = (samples: Observable<string>): Observable<Report> => samples.pipe(map(() => values.r));
    const read: string[] = [];
    of('a', 'c', 'd')
      .pipe(
        map((sample) => {
          read.push(sample);
          return sample;
        }),
        isolated(echo),
        take(1),
      )
      .subscribe();
    assert.deepEqual(read, ['a', 'c'], 'the one after the last is still asked for');
  });

  it('counts samples that arrive while the failure is reported as missed', () => {
    const source = new Subject<string>();
    const last: (Report | undefined)[] = [];
    source.pipe(isolated(bad, { atEnd: 'complete', onFailure: () => source.next('c') })).subscribe((value) => {
      last[0] = value;
      if (!value.final && value.detail !== undefined) source.next('d');
    });
    source.next('b');
    source.next('e');
    source.complete();
    assert.deepEqual(last[0], { from: 'isolated', received: 4, dropped: 0, final: true, detail: failure(3) });
  });

  it('completes with an aggregator that completes early', () => {
    let completed = 0;
    NEVER.pipe(isolated(() => EMPTY)).subscribe({ complete: () => completed++ });
    assert.equal(completed, 1);
  });

  it('has the given name', () => {
    const froms: string[] = [];
    of('a', 'b')
      .pipe(isolated(bad, { name: 'mine', atEnd: 'complete' }))
      .subscribe(({ from }) => froms.push(from));
    assert.deepEqual(froms, ['x', 'mine', 'mine']);
  });

  it('runs independently for each subscriber', () => {
    const reports = of('a', 'b').pipe(isolated(bad, { atEnd: 'complete' }));
    const seen: Report[][] = [[], []];
    for (const list of seen) reports.subscribe((value) => list.push(value));
    assert.equal(seen[0]?.length, 3);
    assert.deepEqual(seen[0], seen[1]);
  });
});

describe('reportTo with isolated reporters', () => {
  const source = () => of({ n: 1 }, { n: 2 }, { n: 3 });
  const fake = (failAt?: number) => new FakeAggregator<{ n: number }, number>(({ n }) => n, defined({ failAt }));

  function run(...aggregators: readonly ((samples: Observable<{ n: number }>) => Observable<Report>)[]) {
    const reports: Report[] = [];
    let error: unknown;
    source()
      .pipe(reportTo(...aggregators))
      .subscribe({
        next: (value) => reports.push(value),
        error: (cause: unknown) => {
          error = cause;
        },
      });
    return { reports, error };
  }

  it('passes every sample to the others, which flush, then errors with the failure', () => {
    const [good, failing] = [fake(), fake(2)];
    const { error } = run(isolated(failing.aggregator), good.aggregator);
    assert.deepEqual([good.seen, good.flushed, good.aborted], [[1, 2, 3], 1, 0]);
    assert.deepEqual(failing.seen, [1, 2]);
    assert.match(String(error), /fake failure at sample 2/);
  });

  it('errors with all failures', () => {
    const good = fake();
    const { error } = run(isolated(fake(1).aggregator), good.aggregator, isolated(fake(3).aggregator));
    assert.equal(good.flushed, 1);
    assert.ok(error instanceof Error && error.cause instanceof AggregateError);
    assert.equal(error.message, 'fake failure at sample 1; also: fake failure at sample 3');
    assert.equal(error.cause.errors.length, 2);
  });

  it('completes when failures are only reported', () => {
    const good = fake();
    const { error, reports } = run(isolated(fake(1).aggregator, { atEnd: 'complete' }), good.aggregator);
    assert.equal(error, undefined);
    assert.deepEqual(
      reports.filter(({ final }) => final).map(({ from, received, dropped }) => [from, received, dropped]),
      [
        ['isolated', 3, 0],
        ['fake', 3, 0],
      ],
    );
  });
});
