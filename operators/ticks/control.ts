import type { Observable, ObservableInput, SchedulerLike } from 'rxjs';
import { A_STREAM, checkArgument } from '../../lib/core/argument.js';
import { defined } from '../../lib/core/defined.js';
import type { Share } from '../../lib/core/deps.js';
import type { Tick } from '../../lib/core/plan.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';
import type { Command } from './command.js';
import { ControlCursor } from './control/controlCursor.js';

/** Options of {@link control}. */
export interface ControlOptions {
  /** Bounds of the backlog when the ticks are pushed instead of pulled. */
  readonly backlog?: BacklogOptions<Tick>;
  /**
   * The share of the run that the ticks are. A `rate` command is the rate of the whole run. Default: the whole run.
   */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Changes how ticks are played while they are played: pause, resume, another rate, another speed, an end. RxJS has no such operator;
 * `takeUntil` stops, but cannot pause or change a rate.
 *
 * ```text
 * ticks               0---1---2---3---|
 * commands            ------p---r------       (pause, resume)
 * control(commands)   0---1-------2---3---|
 * commands            ------s----------       (scaleBy(2))
 * control(commands)   0---1--2-3-|
 * commands            ------n----------       (setRate: one per 2 frames)
 * control(commands)   0---1--2-3-4-5-6|
 * ```
 *
 * - The moments of the plan are in plan time. Plan time runs like real time, stops from `pause` to `resume`, and runs
 *   `factor` times as fast as before after a `scale`.
 * - A pause delays every tick that was not emitted yet, even an overdue one, and moves its intended moment by the
 *   length of the pause, so it causes no lateness.
 * - After `scale` and `rate`, overdue ticks keep their intended moments.
 * - `rate` replaces the ticks from now to the end of the plan by ticks at equal distances; the numbering continues. A later
 *   `rate` replaces it; a later `scale` scales it. With 0 there are no ticks until another command or the end of the
 * plan.
 * - The current interval between two ticks is finished at the new speed or rate, so commands in quick succession neither add
 *   ticks nor suppress one.
 * - `stop` ends a pause and the plan; only overdue ticks are still emitted.
 * - Every moment is computed from the last command alone, so errors do not add up.
 * - Completes at the end of the plan in plan time, or by `stop`; also when pulled, so commands can act until the end. When the
 *   end of the plan is unknown, it completes when the source completes. A pause without `resume` lasts until the
 * unsubscribe.
 * - Errors of the ticks and of the commands pass through; an invalid command is the error `ELPIS_CONTROL`. Completion
 *   of the commands has no effect.
 * - Unsubscribing unsubscribes from both.
 * - Pulled ticks stay pulled, but a tick is not returned before it is due. Pushed ticks wait in `backlog` while they
 *   are delayed; a tick that arrives after its moment in plan time is late.
 *
 * @param commands Subscribed to when the ticks are; made by {@link command}.
 * @see [takeUntil](https://rxjs.dev/api/operators/takeUntil)
 * @see {@link command}, {@link scaleRate}, {@link stretch}, {@link drainOn}
 * @example
 * const commands = concat(of(command.pause()), timer(5000).pipe(map(() => command.resume())));
 * line({ from: 1, to: 500, duration: '60s' }).pipe(control(commands));
 */
export function control(
  commands: ObservableInput<Command>,
  options: ControlOptions = {},
): (ticks: Observable<Tick>) => Pullable<Tick> {
  checkArgument('control', 'commands', commands, A_STREAM);
  const { scheduler } = options;
  return (ticks) =>
    new Pullable<Tick>((clock) => new ControlCursor(ticks, commands, clock, options), {
      dueAt: (tick) => tick.at,
      ...defined({ scheduler }),
    });
}
