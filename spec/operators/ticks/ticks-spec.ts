import { describe, it } from 'node:test';
import { map, take } from 'rxjs';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const every2ms = constPlan({ ops: 500, duration: 6e6 });
const index = map(({ index: i }: { index: number }) => String(i));

describe('ticks', () => {
  it(
    'plays every operation when it is due and completes at the finish time',
    marbles(({ expectObservable, scheduler }) => {
      const expected = '0-1-2-|';
      expectObservable(ticks(every2ms, { scheduler }).pipe(index)).toBe(expected);
    }),
  );

  it(
    'plays a burst at once',
    marbles(({ expectObservable, scheduler }) => {
      const expected = '(012|)';
      expectObservable(ticks(oncePlan({ times: 3 }), { scheduler }).pipe(index)).toBe(expected);
    }),
  );

  it(
    'completes after a pause without a tick',
    marbles(({ expectObservable, scheduler }) => {
      const expected = '---|';
      expectObservable(ticks(constPlan({ ops: 0, duration: 3e6 }), { scheduler })).toBe(expected);
    }),
  );

  it(
    'starts again for each subscriber',
    marbles(({ expectObservable, scheduler }) => {
      const subscription = '---^';
      const expected = '    ---0-1-2-|';
      expectObservable(ticks(every2ms, { scheduler }).pipe(index), subscription).toBe(expected);
    }),
  );

  it(
    'starts at startAt',
    marbles(({ expectObservable, scheduler }) => {
      const expected = '----0-1-2-|';
      expectObservable(ticks(every2ms, { scheduler, startAt: 4 }).pipe(index)).toBe(expected);
    }),
  );

  it(
    'plays one share of the operations at their global times',
    marbles(({ expectObservable, scheduler }) => {
      const expected = '--1---|';
      expectObservable(ticks(every2ms, { scheduler, share: { index: 1, of: 2 } }).pipe(index)).toBe(expected);
    }),
  );

  it(
    'stops when it is unsubscribed from',
    marbles(({ expectObservable, scheduler }) => {
      const expected = '    0-1-';
      const subscription = '^--!';
      expectObservable(ticks(every2ms, { scheduler }).pipe(index), subscription).toBe(expected);
      expectObservable(ticks(every2ms, { scheduler }).pipe(index, take(2))).toBe('0-(1|)');
    }),
  );
});
