import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, type Observable, of, Subject, take } from 'rxjs';
import type { Sample } from '../../../lib/core/sample.js';
import { filterSamples } from '../../../operators/samples/filterSamples.js';
import { reportTo } from '../../../operators/samples/reportTo.js';
import { marbles } from '../marbles.js';

interface Named extends Sample {
  readonly name: string;
}

/** Samples whose release is counted. */
function pooled() {
  const released: string[] = [];
  const toSample = map((name: string): Named => ({ name, release: () => released.push(name) }));
  return { released, toSample };
}
const withoutB = filterSamples<Named>(({ name }) => name !== 'b');
const shown = map(({ name }: Named) => name);

describe('filterSamples', () => {
  it(
    'keeps some, whatever the source does: never, empty, one, many, an error, a consumer that leaves',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const { toSample } = pooled();
      const rows = [
        ['-', '-'],
        ['|', '|'],
        ['-a-|', '-a-|'],
        ['-b-|', '---|'],
        ['-a-b-c-d-|', '-a---c-d-|'],
        ['-a-b-#', '-a---#'],
      ] as const;
      for (const [given, kept] of rows) expectObservable(cold(given).pipe(toSample, withoutB, shown)).toBe(kept);
      const source = cold('-a-b-c-|');
      expectObservable(source.pipe(toSample, withoutB, shown), '^---!').toBe('-a---');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    }),
  );

  it('releases what it drops, once, and nothing else', () => {
    const { released, toSample } = pooled();
    of('a', 'b', 'c', 'b').pipe(toSample, withoutB).subscribe();
    assert.deepEqual(released, ['b', 'b']);
  });

  it('with reportTo, every sample is released once', () => {
    const { released, toSample } = pooled();
    const seen: string[] = [];
    const aggregator = (samples: Observable<Named>) =>
      samples.pipe(
        map(({ name }) => {
          seen.push(name);
          return { from: 'x', received: 1, final: false, dropped: 0 };
        }),
      );
    of('a', 'b', 'c').pipe(toSample, withoutB, reportTo(aggregator)).subscribe();
    assert.deepEqual(seen, ['a', 'c']);
    assert.deepEqual(released, ['a', 'b', 'c']);
  });

  it('errors with what keep throws', () => {
    const { toSample } = pooled();
    const fails = filterSamples<Named>(() => {
      throw new Error('no');
    });
    let error: unknown;
    const source = new Subject<string>();
    source.pipe(toSample, fails).subscribe({ error: (cause: unknown) => (error = cause) });
    source.next('a');
    assert.match(String(error), /no/);
    assert.equal(source.observed, false);
  });

  it('takes samples that have no pool, and stops with its consumer', () => {
    const seen: string[] = [];
    of('b', 'a', 'c')
      .pipe(
        map((name): Named => ({ name })),
        withoutB,
        take(1),
      )
      .subscribe(({ name }) => seen.push(name));
    assert.deepEqual(seen, ['a']);
  });
});
