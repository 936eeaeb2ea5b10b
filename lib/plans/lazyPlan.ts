import type { Plan } from '../core/plan.js';

/** A plan that is made at its first use, such as one in a file; it is never unlimited. */
export function lazyPlan(make: () => Plan): Plan {
  let made: Plan | undefined;
  const plan = (): Plan => {
    made ??= make();
    return made;
  };
  return {
    get count() {
      return plan().count;
    },
    get durationNs() {
      return plan().durationNs;
    },
    get fractional() {
      return plan().fractional === true;
    },
    atNs: (index) => plan().atNs(index),
    countAt: (offsetNs) => plan().countAt(offsetNs),
    rateAt: (offsetNs) => plan().rateAt(offsetNs),
  };
}
