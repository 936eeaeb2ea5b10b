import { checked } from '../codec/bounds.js';
import { atLeastMs } from '../codec/duration.js';
import { float, nonEmpty } from '../codec/scalars.js';
import type { Overrides } from '../config/overrides.js';
import { type Given, list, value } from './command.js';

/** A rate, or a factor of a rate. */
export const above0 = checked(float, (n) => n > 0, 'a number above 0', 'min');

/** The options that change a config for one run, for every command that plays its schedules. */
export const RESCALING = {
  rateScale: value('n', above0, 'multiply the rate of every pool'),
  duration: value('duration', atLeastMs(1), 'play the schedule of every pool in this time, with the same rates'),
  set: list('path=value', nonEmpty, 'replace a value of the config, such as pools.0.gun.target=localhost:80'),
};

/** The same options and `--target`, for commands that use the real target. */
export const OVERRIDING = {
  ...RESCALING,
  target: value('host:port', nonEmpty, 'address of the target of every pool'),
};

/** The overrides of the options. */
export function overridesOf({
  rateScale,
  duration,
  set,
  target,
}: Given<typeof RESCALING> & { readonly target?: string | undefined }): Overrides {
  return { set, target, rateScale, durationMs: duration };
}
