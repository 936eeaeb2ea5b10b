import { asyncScheduler, type Observable, type SchedulerLike } from 'rxjs';
import { DONE, PENDING } from '../../lib/core/cursor.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import type { Work } from './microBench.js';

/** Pulls items out of streams; when one ends, the next is created. Every pulled item is given back. */
export function pulling<T>(make: () => Observable<T>, scheduler: SchedulerLike = asyncScheduler): Work {
  let cursor = openCursor(make(), scheduler);
  return (items) => {
    for (let i = 0; i < items; i++) {
      const polled = cursor.poll();
      if (polled === PENDING) throw new Error('what is pulled here must never be pending');
      if (polled === DONE) {
        cursor.close();
        cursor = openCursor(make(), scheduler);
      } else cursor.release(polled);
    }
  };
}
