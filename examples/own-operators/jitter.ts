// An operator of ticks: delays every operation by a random time.
import { atLeastMs, defineOperator, required, struct } from 'elpis';
import { mapPulled } from 'elpis/operators';

export default defineOperator('ticks', {
  name: 'jitter',
  summary: 'Delays every operation by a random time, up to a limit.',
  options: struct('jitter', { amount: required(atLeastMs(0), 'the longest delay of an operation') }),
  create:
    ({ amount }, { random }) =>
    (ticks) => {
      // For one schedule: this function is called once for each, and `create` once for all of them.
      let last = 0;
      return ticks.pipe(
        // `map` of RxJS works too, but after `mapPulled` the schedule can still be pulled, also an unlimited one.
        mapPulled((tick) => {
          last = Math.max(last, tick.at + random() * amount);
          return { ...tick, at: last };
        }),
      );
    },
});
