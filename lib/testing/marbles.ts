import { isDeepStrictEqual } from 'node:util';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { drawMismatch } from './drawing/drawMismatch.js';

/** The helpers of RxJS for drawings, and the scheduler to pass to operators. */
export interface MarbleHelpers extends RunHelpers {
  /** The only clock. Pass it to every operator that takes one; without it an operator waits in real time. */
  readonly scheduler: TestScheduler;
}

/** The drawings. */
export type Drawing = (helpers: MarbleHelpers) => void;

/**
 * A test that is a drawing: streams are drawn as marbles and compared in virtual time. Returns a function for the `it` or
 * `test` of node:test, vitest, jest or mocha.
 *
 * ```text
 * the stream differs from its drawing at frame 5: expected b, found nothing
 *
 *   expected  --a--b--|
 *   actual    --a---b-|
 *                  ^
 * ```
 *
 * - The notation is that of RxJS, one character per millisecond: `-` time passes, `a` a value, `(ab)` together, `|` completes,
 *   `#` fails, `^` and `!` subscribe and unsubscribe, ` 90ms ` a length of time.
 * - A title, given first, is the beginning of the message of a failure; it is not needed when the runner prints one.
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
