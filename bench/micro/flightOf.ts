import { mergeMap, Observable, Subject, type Subscriber } from 'rxjs';
import { unlimitedPlan } from '../../lib/schedules/unlimited.js';
import { VirtualClock } from '../../lib/time/virtualClock.js';
import { shoot, ticks, zipAmmo } from '../../operators/index.js';
import type { Work } from './microBench.js';

/** Completed shots per turn; fewer than are in flight. */
const TURN = 64;

/**
 * A closed loop with so many shots under way all the time; each step completes the oldest, and a new one starts. The start is
 * not measured, the items are the steps.
 */
export function flightOf(inFlight: number, how: 'shoot' | 'mergeMap'): Work {
  const open: Subscriber<number>[] = [];
  let oldest = 0;
  const response = new Observable<number>((subscriber) => {
    open.push(subscriber);
  });
  const gun = { shoot: () => response };
  const clock = new VirtualClock();
  // mergeMap would subscribe to an endless source without a limit, so the items are pushed one by one.
  const fed = new Subject<number>();
  if (how === 'mergeMap') {
    fed.pipe(mergeMap(() => response, inFlight)).subscribe();
    for (let i = 0; i < inFlight; i++) fed.next(i);
  } else
    ticks(unlimitedPlan({ duration: 1e15 }))
      .pipe(zipAmmo(endless()), shoot<number, number>({ create: () => gun }, { instances: inFlight, scheduler: clock }))
      .subscribe();
  return (items) => {
    for (let i = 0; i < items; i++) {
      const subscriber = open[oldest++] as Subscriber<number>;
      subscriber.next(1);
      subscriber.complete();
      fed.next(i);
      // The end of a turn of the event loop, when the next shots are fired.
      if (i % TURN === TURN - 1) clock.advance(0);
    }
    clock.advance(0);
    open.splice(0, oldest);
    oldest = 0;
  };
}

function* endless(): Generator<number> {
  for (let i = 0; ; i++) yield i;
}
