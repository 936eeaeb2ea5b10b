import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callWithin, DeadlineError } from '../../../lib/time/deadline.js';

describe('callWithin', () => {
  it('returns the result of the function, and passes on its exception', () => {
    assert.equal(
      callWithin(1000, () => 5),
      5,
    );
    const error = new TypeError('x');
    assert.throws(
      () =>
        callWithin(1000, () => {
          throw error;
        }),
      (thrown) => thrown === error,
    );
  });

  it('stops a function that does not return, and works after that', () => {
    const forever = (): never => {
      for (;;);
    };
    assert.throws(() => callWithin(5, forever), DeadlineError);
    assert.throws(() => callWithin(5, () => callWithin(1e6, forever)), DeadlineError, 'the outer limit holds');
    assert.equal(
      callWithin(1000, () => 6),
      6,
    );
  });
});
