import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UnsubscriptionError } from 'rxjs';
import { ElpisError, isElpisError } from '../../../lib/core/errors.js';
import { Failures } from '../../../operators/firing/failures.js';

describe('Failures', () => {
  it('passes a single failure on unchanged, and counts the same error once', () => {
    const failures = new Failures('ELPIS_GUN');
    assert.deepEqual([failures.any, failures.error], [false, undefined]);
    failures.attempt(() => undefined);
    assert.equal(failures.any, false);
    failures.add('first');
    failures.attempt(() => {
      throw 'first';
    });
    assert.deepEqual([failures.any, failures.error], [true, 'first']);
  });

  it('makes one error of several: code and hint of the first, messages of all, all of them as the cause', () => {
    const first = new ElpisError('ELPIS_NO_AMMO', 'empty', { hint: 'add some' });
    const failures = new Failures('ELPIS_GUN');
    for (const error of [first, new Error('second'), 'third']) failures.add(error);
    const { error } = failures;
    assert.ok(isElpisError(error, 'ELPIS_NO_AMMO'));
    assert.deepEqual([error.message, error.hint], ['empty; also: second; also: third', 'add some']);
    assert.deepEqual((error.cause as AggregateError).errors, [first, new Error('second'), 'third']);
  });

  it('has its own code when the first is an error of another kind', () => {
    const failures = new Failures('ELPIS_GUN');
    failures.add(new Error('a'));
    failures.add(new Error('b'));
    assert.ok(isElpisError(failures.error, 'ELPIS_GUN'));
  });

  it('extracts the errors of an UnsubscriptionError of RxJS', () => {
    const failures = new Failures('ELPIS_GUN');
    const inner = new Error('teardown');
    failures.add(new UnsubscriptionError([new UnsubscriptionError([inner])]));
    assert.equal(failures.error, inner);
  });

  it('keeps 100 failures and counts the others, and shows five in the message', () => {
    const failures = new Failures('ELPIS_GUN');
    for (let i = 0; i < 250; i++) failures.add(new Error(`e${i}`));
    const error = failures.error as ElpisError;
    assert.equal(error.message, 'e0; also: e1; also: e2; also: e3; also: e4; also: 245 more');
    assert.equal((error.cause as AggregateError).errors.length, 100);
  });
});
