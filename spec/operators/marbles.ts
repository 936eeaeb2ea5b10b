import assert from 'node:assert/strict';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';

/** Runs a drawing in RxJS's TestScheduler, with node's assertions. Operators get the scheduler handed in. */
export function marbles(draw: (helpers: RunHelpers & { scheduler: TestScheduler }) => void): () => void {
  return () => {
    const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
    scheduler.run((helpers) => draw({ ...helpers, scheduler }));
  };
}
