import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { take } from 'rxjs';
import { SampleSubject } from '../../../operators/samples/reportTo.js';

describe('SampleSubject', () => {
  it('passes each value to all subscribers, in the order of their subscriptions', () => {
    const inlet = new SampleSubject<number>();
    const seen: string[] = [];
    inlet.next(0);
    inlet.stream.subscribe((value) => seen.push(`a${value}`));
    inlet.next(1);
    inlet.stream.subscribe((value) => seen.push(`b${value}`));
    inlet.next(2);
    assert.deepEqual(seen, ['a1', 'a2', 'b2']);
  });

  it('removes a subscriber that unsubscribes, also while a value is passed on', () => {
    const inlet = new SampleSubject<number>();
    const seen: string[] = [];
    inlet.stream.pipe(take(1)).subscribe((value) => seen.push(`once ${value}`));
    inlet.stream.subscribe((value) => seen.push(`all ${value}`));
    inlet.next(1);
    inlet.next(2);
    assert.deepEqual(seen, ['once 1', 'all 1', 'all 2']);
  });

  it('completes present and later subscribers', () => {
    const inlet = new SampleSubject<number>();
    const seen: string[] = [];
    inlet.stream.subscribe({ complete: () => seen.push('early') });
    inlet.complete();
    inlet.stream.subscribe({ complete: () => seen.push('late') });
    assert.deepEqual(seen, ['early', 'late']);
  });
});
