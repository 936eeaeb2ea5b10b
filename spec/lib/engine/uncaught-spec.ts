import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { ElpisError, isElpisError } from '../../../lib/core/errors.js';
import { uncaught } from '../../../lib/engine/uncaught.js';
import { linePlan } from '../../../lib/schedules/line.js';

describe('uncaught', () => {
  const heard = (event: string, value: unknown): ElpisError | undefined => {
    const source = new EventEmitter();
    const failures: ElpisError[] = [];
    const listening = uncaught(source).subscribe((failure) => failures.push(failure));
    source.emit(event, value);
    listening.unsubscribe();
    assert.equal(source.listenerCount('uncaughtException') + source.listenerCount('unhandledRejection'), 0);
    return failures[0];
  };

  it('an exception and a rejection are failures of code that Elpis has not called', () => {
    const cause = new Error('boom');
    for (const [event, said] of [
      ['uncaughtException', /outside of any call by Elpis: boom/],
      ['unhandledRejection', /a promise was rejected, and no code handles it: boom/],
    ] as const) {
      const failure = heard(event, cause);
      assert.ok(isElpisError(failure, 'ELPIS_UNCAUGHT'));
      assert.match(failure.message, said);
      assert.equal(failure.cause, cause);
    }
    assert.match(String(heard('unhandledRejection', undefined)), /undefined/);
  });

  it('an error of Elpis keeps its code', () => {
    assert.equal(heard('uncaughtException', new ElpisError('ELPIS_SINK', 'full'))?.code, 'ELPIS_SINK');
  });

  it('an error of the code of Elpis without an error code is a defect of Elpis', () => {
    let defect: unknown;
    try {
      linePlan(undefined as never);
    } catch (error) {
      defect = error;
    }
    assert.ok(defect instanceof TypeError);
    assert.equal(heard('uncaughtException', defect)?.code, 'ELPIS_INTERNAL');
  });
});
