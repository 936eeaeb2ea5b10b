import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, map, of, pipe, range, Subject, take, timer } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type BufferSamplesOptions, bufferSamples } from '../../../operators/samples/bufferSamples.js';
import { marbles } from '../marbles.js';

/** Arrays joined to texts, so that drawings stay readable. */
const joined = (options: Partial<BufferSamplesOptions<string, string>>) =>
  pipe(
    bufferSamples<string, string>({ copy: (sample) => sample, ...options }),
    map((batch) => batch.join('')),
  );
const values = { x: 'abc', y: 'd', z: 'e', p: 'a', q: 'b', r: 'ab' };

describe('bufferSamples', () => {
  it(
    'sends an array when it is full, or the given time after its first sample',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   --a-b-c-d-----e-|');
      const e1subs = '   ^---------------!';
      const expected = ' ------x-----y---(z|)';
      expectObservable(e1.pipe(joined({ maxMs: 4, maxCount: 3, scheduler }))).toBe(expected, values);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it('holds at most 1000 samples, for at most a second after the first, unless it is told otherwise', () => {
    const clock = new VirtualClock();
    const samples = new Subject<number>();
    const sizes: number[] = [];
    samples.pipe(bufferSamples({ scheduler: clock })).subscribe((batch) => sizes.push(batch.length));
    for (let i = 0; i < 999; i++) samples.next(i);
    assert.deepEqual(sizes, []);
    samples.next(999);
    assert.deepEqual(sizes, [1000]);
    samples.next(0);
    clock.advance(999);
    assert.deepEqual(sizes, [1000]);
    clock.advance(1);
    assert.deepEqual(sizes, [1000, 1]);
  });

  it('a full array stops the timer of its first sample, so the next one has its whole time', () => {
    const clock = new VirtualClock();
    const samples = new Subject<number>();
    const sent: [number, number][] = [];
    samples
      .pipe(bufferSamples({ maxCount: 2, maxMs: 10, scheduler: clock }))
      .subscribe((batch) => sent.push([clock.now(), batch.length]));
    samples.next(0);
    clock.advance(6);
    samples.next(1);
    samples.next(2);
    clock.advance(100);
    assert.deepEqual(sent, [
      [6, 2],
      [16, 1],
    ]);
  });

  it(
    'sends nothing for an empty source, and no empty array',
    marbles(({ cold, expectObservable, scheduler }) => {
      expectObservable(cold<string>('---|').pipe(joined({ maxMs: 1, scheduler }))).toBe('---|');
      expectObservable(cold<string>('|').pipe(joined({ scheduler }))).toBe('|');
      expectObservable(cold<string>('-').pipe(joined({ maxMs: 1, scheduler }))).toBe('-');
    }),
  );

  it(
    'sends the rest before it passes on an error',
    marbles(({ hot, expectObservable, scheduler }) => {
      expectObservable(hot('-a-b-#').pipe(joined({ maxMs: 9, scheduler }))).toBe('-----(r#)', values);
      expectObservable(hot<string>('-#').pipe(joined({ scheduler }))).toBe('-#');
    }),
  );

  it(
    'drops waiting samples when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-------');
      const subs = '     ^--!';
      expectObservable(e1.pipe(joined({ maxMs: 4, scheduler })), subs).toBe('-');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it(
    'sends each sample alone with a maximum of one, or a time of 0',
    marbles(({ hot, expectObservable, scheduler }) => {
      expectObservable(hot('-a-b-|').pipe(joined({ maxCount: 1, scheduler }))).toBe('-p-q-|', values);
      expectObservable(hot('-a-b-|').pipe(joined({ maxMs: 0, scheduler }))).toBe('-p-q-|', values);
    }),
  );

  it(
    'waits without a time limit for a full array when configured',
    marbles(({ hot, expectObservable, scheduler }) => {
      const options = { maxMs: Number.POSITIVE_INFINITY, maxCount: 2, scheduler };
      expectObservable(hot('-a 9s b').pipe(joined(options))).toBe('- 9001ms r', values);
    }),
  );

  it(
    'emits an exception of copy as an error, after the rest',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const copy = (sample: string): string => {
        if (sample === 'b') throw 'error';
        return sample;
      };
      const e1 = hot('   -a-b-');
      const e1subs = '   ^--!';
      const expected = ' ---(p#)';
      expectObservable(e1.pipe(joined({ copy, scheduler }))).toBe(expected, values);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it('copies each sample when it arrives, before the source can change it', () => {
    const reused = { value: 0 };
    const seen: number[][] = [];
    range(1, 3)
      .pipe(
        map((value) => Object.assign(reused, { value })),
        bufferSamples({ copy: ({ value }) => value }),
      )
      .subscribe((batch) => seen.push(batch));
    assert.deepEqual(seen, [[1, 2, 3]]);
  });

  it('without copy it keeps the samples themselves', () => {
    const samples = [{ value: 1 }, { value: 2 }];
    const seen: { value: number }[] = [];
    from(samples)
      .pipe(bufferSamples())
      .subscribe((batch) => seen.push(...batch));
    assert.ok(samples.every((sample, i) => seen[i] === sample));
  });

  it('stops a synchronous source when it is unsubscribed from inside next', () => {
    let read = 0;
    const copy = (value: number): number => {
      read++;
      return value;
    };
    range(1, 1000)
      .pipe(bufferSamples({ copy, maxCount: 10 }), take(2))
      .subscribe();
    assert.equal(read, 20);
  });

  it('begins a new array for a sample that arrives while an array is handled', () => {
    const source = new Subject<string>();
    const seen: string[] = [];
    source.pipe(joined({ maxCount: 2 })).subscribe((batch) => {
      seen.push(batch);
      if (batch === 'ab') source.next('c');
    });
    for (const sample of ['a', 'b', 'd']) source.next(sample);
    assert.deepEqual(seen, ['ab', 'cd']);
  });

  it('runs independently for each subscriber', () => {
    const batches = of('a', 'b', 'c').pipe(joined({ maxCount: 2 }));
    const seen: string[] = [];
    batches.subscribe((batch) => seen.push(batch));
    batches.subscribe((batch) => seen.push(batch));
    assert.deepEqual(seen, ['ab', 'c', 'ab', 'c']);
  });

  it('has no timer while no sample waits', () => {
    const clock = new VirtualClock();
    timer(50_000, clock)
      .pipe(bufferSamples({ copy: String, scheduler: clock, maxCount: 1 }))
      .subscribe();
    clock.run();
    assert.equal(clock.now(), 50_000);
  });

  const REFUSED: readonly [options: { maxMs?: number; maxCount?: number }, message: RegExp][] = [
    [{ maxCount: 0 }, /maxCount is 0/],
    [{ maxCount: 1.5 }, /maxCount is 1.5/],
    [{ maxMs: -1 }, /maxMs is -1/],
    [{ maxMs: Number.NaN }, /maxMs is NaN/],
  ];
  for (const [options, message] of REFUSED)
    it(`refuses ${JSON.stringify(options)}`, () => {
      const refused = (error: unknown): boolean => isElpisError(error, 'ELPIS_CONFIG') && message.test(error.message);
      assert.throws(() => bufferSamples({ copy: String, ...options }), refused);
    });
});
