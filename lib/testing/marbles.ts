import { isDeepStrictEqual } from 'node:util';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { drawMismatch } from './drawing/drawMismatch.js';

/** What a drawing is made with: RxJS's helpers, and the scheduler to hand to operators. */
export interface MarbleHelpers extends RunHelpers {
  /** The only clock. Hand it to every operator that takes one; one that gets none would wait for real time. */
  readonly scheduler: TestScheduler;
}

/** What is drawn. */
export type Drawing = (helpers: MarbleHelpers) => void;

/**
 * A test that is a drawing: streams are drawn as marbles and compared in virtual time. The answer is a function for the `it`
 * or `test` of node:test, vitest, jest or mocha.
 *
 * ```text
 * the stream differs from its drawing at frame 5: expected b, found nothing
 *
 *   expected  --a--b--|
 *   actual    --a---b-|
 *                  ^
 * ```
 *
 * - The notation is RxJS's, one character to a millisecond: `-` time passes, `a` a value, `(ab)` together, `|` completes,
 *   `#` fails, `^` and `!` subscribe and unsubscribe, ` 90ms ` a length of time.
 * - A title, given first, stands before a failure; not needed where the runner has one.
 * - A failure throws an `AssertionError` whose `expected` and `actual` are the two lines, aligned, with a key to values.
 *
 * @example
 * const test = marbles(({ cold, expectObservable, scheduler }) => {
 *   const samples = cold('--a---b---|');
 *   expectObservable(samples.pipe(delay(2, scheduler))).toBe('----a---b-|');
 * });
 * test();
 */
export function marbles(draw: Drawing): () => void;
export function marbles(title: string, draw: Drawing): () => void;
export function marbles(first: string | Drawing, second?: Drawing): () => void {
  const title = typeof first === 'string' ? first : '';
  const draw = typeof first === 'string' ? (second as Drawing) : first;
  return () => {
    const scheduler = new TestScheduler((actual: unknown, expected: unknown) => {
      if (!isDeepStrictEqual(actual, expected)) throw drawMismatch(expected, actual, title);
    });
    scheduler.run((helpers) => draw({ ...helpers, scheduler }));
  };
}
