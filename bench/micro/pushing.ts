import { type Observable, Subject } from 'rxjs';
import type { Work } from './microBench.js';

/** Pushes items through the stream that `use` makes from them. */
export function pushing<T>(item: (index: number) => T, use: (items: Observable<T>) => Observable<unknown>): Work {
  const subject = new Subject<T>();
  let index = 0;
  use(subject).subscribe();
  return (items) => {
    for (let i = 0; i < items; i++) subject.next(item(index++));
  };
}
