import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { take } from 'rxjs';
import { SampleSubject } from '../../../operators/samples/reportTo.js';

describe('SampleSubject', () => {
  it('hands each value to all who have subscribed by then, in their order', () => {
    const inlet = new SampleSubject<number>();
    const seen: string[] = [];
    inlet.next(0);
    inlet.stream.subscribe((value) => seen.push(`a${value}`));
    inlet.next(1);
    inlet.stream.subscribe((value) => seen.push(`b${value}`));
    inlet.next(2);
    assert.deepEqual(seen, ['a1', 'a2', 'b2']);
  });

  it('forgets who leaves, also in the middle of a value', () => {
    const inlet = new SampleSubject<number>();
    const seen: string[] = [];
    inlet.stream.pipe(take(1)).subscribe((value) => seen.push(`once ${value}`));
    inlet.stream.subscribe((value) => seen.push(`all ${value}`));
    inlet.next(1);
    inlet.next(2);
    assert.deepEqual(seen, ['once 1', 'all 1', 'all 2']);
  });

  it('completes those who are there and those who come later', () => {
    const inlet = new SampleSubject<number>();
    const seen: string[] = [];
    inlet.stream.subscribe({ complete: () => seen.push('early') });
    inlet.complete();
    inlet.stream.subscribe({ complete: () => seen.push('late') });
    assert.deepEqual(seen, ['early', 'late']);
  });
});
