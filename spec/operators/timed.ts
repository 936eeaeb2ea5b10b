import { map, type Observable, type OperatorFunction } from 'rxjs';
import type { TimedSample } from '../../lib/core/sample.js';

/** A sample of a shot that took `ms` milliseconds, with the given fields. */
export function timed(ms: number, fields: Partial<TimedSample> = {}): TimedSample {
  const plain = {
    outcome: 'shot',
    scope: '',
    tag: '',
    instance: 0,
    intended: 1000,
    started: 1000,
    slotWait: 0,
    errorName: '',
    netCode: 0,
    protoCode: 200,
  } as const;
  return { ...plain, ended: 1000 + ms, bytesOut: 0, bytesIn: 0, ...fields };
}

/** Letters as samples: `a` takes 1 ms, `b` 2 ms and so on, and each is its own tag. */
export const letters: OperatorFunction<string, TimedSample> = (source: Observable<string>) =>
  source.pipe(map((letter) => timed(letter.charCodeAt(0) - 96, { tag: letter })));
