import { atLeastMs, durationText } from '../../codec/duration.js';
import { oneOf } from '../../codec/scalars.js';
import { command, requiredValue, value } from '../command.js';
import { above0 } from '../overriding.js';
import { runCommand } from './run.js';

const SEARCH = {
  from: requiredValue('n', above0, 'the first rate, in operations per second'),
  to: requiredValue('n', above0, 'the highest rate, in operations per second'),
  method: value('name', oneOf(['bisect', 'step', 'aimd']), 'how the next rate is chosen: bisect, step or aimd'),
  step: value('n', above0, 'the distance of two rates, for step and aimd'),
  settle: value('duration', atLeastMs(0), 'after a change of the rate, nothing is measured for so long'),
  measure: value('duration', atLeastMs(1000), 'how long a rate is measured'),
};

/** `elpis capacity`: searches for the highest rate at which all thresholds pass; the same as the key `capacity` of a config. */
export const capacityCommand = command({
  name: 'capacity',
  describe: 'search for the highest rate at which all thresholds pass',
  options: { ...runCommand.options, ...SEARCH },
  notes: `Shoots like elpis run, at the rates of the search instead of the schedule of the pool. The options replace those of the key
capacity of the config, with which elpis run searches too; see docs/CAPACITY.md. The result is printed, and is in the record, the report and the page.`,
  run: ({ from, to, method, step, settle, measure, ...options }, io, signals) => {
    const durations = { settle, measure };
    const written = [
      ...Object.entries({ from, to, method, step }).flatMap(([key, given]) =>
        given === undefined ? [] : [`${key}=${given}`],
      ),
      ...Object.entries(durations).flatMap(([key, ms]) => (ms === undefined ? [] : [`${key}=${durationText(ms)}`])),
    ];
    const set = [...written.map((one) => `capacity.${one}`), ...options.set];
    return runCommand.run({ ...options, set }, io, signals);
  },
});
