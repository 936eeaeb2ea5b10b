import { AN_OBJECT, checkArgument } from '../../lib/core/argument.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { PerSecond } from '../../lib/core/units.js';

/**
 * A command to {@link control}. `perSecond` is the rate of the whole run; `factor` multiplies the speed of plan time.
 */
export type Command =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'rate'; readonly perSecond: PerSecond }
  | { readonly type: 'scale'; readonly factor: number }
  | { readonly type: 'stop' };

function refuse(what: string, value: unknown, expected: string, hint: string): never {
  throw new ElpisError('ELPIS_CONTROL', `${what} cannot be ${String(value)}: expected ${expected}`, { hint });
}

/**
 * Makes the commands of {@link control}.
 *
 * - `pause()`: plan time stops until `resume()`.
 * - `setRate(n)`: from now on `n` operations per second, for the rest of the plan's duration; with 0, none.
 * - `scaleBy(f)`: from now on plan time runs `f` times as fast as before; `scaleBy(1 / f)` undoes it.
 * - `stop()`: the plan ends now.
 * - `check(value)`: returns the value if it is a valid command.
 *
 * @throws ElpisError `ELPIS_CONTROL` when a rate is not finite and at least 0, a factor is not finite and above 0, or a value is not a
 *   command.
 * @see {@link control}
 * @example
 * const afterAMinute = timer(60_000).pipe(map(() => command.scaleBy(2)));
 */
export const command = {
  pause: (): Command => ({ type: 'pause' }),
  resume: (): Command => ({ type: 'resume' }),
  setRate: (perSecond: PerSecond): Command => command.check({ type: 'rate', perSecond }),
  scaleBy: (factor: number): Command => command.check({ type: 'scale', factor }),
  stop: (): Command => ({ type: 'stop' }),
  check(value: Command): Command {
    checkArgument('command.check', 'value', value, AN_OBJECT);
    switch (value.type) {
      case 'pause':
      case 'resume':
      case 'stop':
        return value;
      case 'rate':
        if (value.perSecond >= 0 && value.perSecond < Number.POSITIVE_INFINITY) return value;
        return refuse(
          'the rate',
          value.perSecond,
          'operations per second, 0 or more',
          'pause() and stop() end shooting',
        );
      case 'scale':
        if (value.factor > 0 && value.factor < Number.POSITIVE_INFINITY) return value;
        return refuse('the factor', value.factor, 'a number above 0', 'pause() stops plan time');
      default:
        return refuse('a command', JSON.stringify(value), 'pause, resume, rate, scale or stop', 'see command');
    }
  },
};
