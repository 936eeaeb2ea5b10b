// An operator of ticks: every operation a little later than planned, by chance.
import { atLeastMs, defineOperator, required, struct } from 'elpis';
import { mapPulled } from 'elpis/operators';

export default defineOperator('ticks', {
  name: 'jitter',
  summary: 'Makes every operation later by chance, up to a limit.',
  options: struct('jitter', { amount: required(atLeastMs(0), 'the most that an operation may be later') }),
  create:
    ({ amount }, { random }) =>
    (ticks) => {
      // Of one schedule: this function is called once for each, `create` once for all of them.
      let last = 0;
      return ticks.pipe(
        // Like `map` of RxJS, which would do too; but a schedule that can be pulled stays so, unlimited ones included.
        mapPulled((tick) => {
          last = Math.max(last, tick.at + random() * amount);
          return { ...tick, at: last };
        }),
      );
    },
});
