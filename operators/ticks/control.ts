import type { Observable, ObservableInput, SchedulerLike } from 'rxjs';
import { defined } from '../../lib/core/defined.js';
import type { Share } from '../../lib/core/deps.js';
import type { Tick } from '../../lib/core/plan.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';
import type { Command } from './command.js';
import { ControlCursor } from './control/controlCursor.js';

/** How {@link control} steers. */
export interface ControlOptions {
  /** Bounds of the backlog when the ticks are pushed instead of pulled. */
  readonly backlog?: BacklogOptions<Tick>;
  /** The part of the run that the ticks are: a rate that is set is that of the whole run. Default: all of it. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Steers ticks while they are played: pause, resume, another rate, another speed, an end.
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
 * - Plan time is what the plan's moments are counted in. It runs like real time, stands still from `pause` to `resume`, and
 *   runs `factor` times as fast as before from a `scale` on.
 * - A pause concerns every tick that was not handed out, even an overdue one: nothing is handed out while it lasts, and
 *   afterwards all are meant for as much later. The pause is nobody's lateness.
 * - After `scale` and `rate`, ticks that are overdue keep the moments that they were meant for.
 * - `rate` replaces the ticks from now to the end of the plan by ticks at equal distances; numbering goes on. A later `rate`
 *   replaces it; a later `scale` scales it. 0 plays none, until another command or the end of the plan.
 * - The interval between two ticks that is under way is finished at the new speed or rate, so commands in quick succession
 *   neither add ticks nor keep one from coming.
 * - `stop` ends a pause and the plan: what is overdue is still handed out, nothing else.
 * - Every moment is computed from the last command alone: no error adds up.
 * - Completes at the end of the plan in plan time, or by `stop`; pulled too, so commands can act until the end. When the plan
 *   does not know its end, that is when the source completes. A pause without `resume` lasts until it is unsubscribed from.
 * - Errors of the ticks and of the commands pass through; a command that can not be followed is the error `ELPIS_CONTROL`.
 *   Completion of the commands changes nothing.
 * - Unsubscribing unsubscribes from both.
 * - Pulled ticks stay pulled, but none is answered before it is due. Pushed ticks wait in `backlog` while they are held back,
 *   and can't be hurried: a tick that plan time has overtaken is late.
 *
 * @example
 * const commands = concat(of(command.pause()), timer(5000).pipe(map(() => command.resume())));
 * line({ from: 1, to: 500, duration: '60s' }).pipe(control(commands));
 */
export function control(
  commands: ObservableInput<Command>,
  options: ControlOptions = {},
): (ticks: Observable<Tick>) => Pullable<Tick> {
  const { scheduler } = options;
  return (ticks) =>
    new Pullable<Tick>((clock) => new ControlCursor(ticks, commands, clock, options), {
      dueAt: (tick) => tick.at,
      ...defined({ scheduler }),
    });
}
