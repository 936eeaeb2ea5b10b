import { DONE, type Polled } from '../../../../lib/core/cursor.js';
import { type Share, WHOLE } from '../../../../lib/core/deps.js';
import type { Tick } from '../../../../lib/core/plan.js';
import { type Command, command } from '../../../../operators/ticks/command.js';
import { ControlState, DRAW } from '../../../../operators/ticks/control/controlState.js';

export const pause = command.pause();
export const resume = command.resume();
export const stop = command.stop();
export const double = command.scaleBy(2);
/** One tick per 5 ms. */
export const fast = command.setRate(200);
export const none = command.setRate(0);

/** An event: a command at a moment, or a call of `next` at a moment. */
export type Event = readonly [at: number, what: Command | '?'];

/** The plan under control: a tick every 10 ms from 0 to 40, which ends at 50. `finish` can set another end, or none. */
export interface Source {
  readonly finish?: number | undefined;
  readonly ticks?: readonly number[];
  readonly share?: Share;
}

/** `#2@20`: tick 2, meant for 20; `20`: wait until then; `-`: wait for a call; `|`: the end. */
export function text(step: Polled<Tick> | typeof DRAW, until: number | undefined): string {
  if (typeof step !== 'symbol') return `#${step.index}@${step.at}`;
  return step === DONE ? '|' : String(until ?? '-');
}

/** Plays events and returns the result of each call of `next`, with the state after the last event. */
export function play(events: readonly Event[], source: Source = {}): { steps: string; state: ControlState } {
  const { ticks = [0, 10, 20, 30, 40], share = WHOLE } = source;
  const rest = ticks.map((at, i) => ({ index: share.index + i * share.of, at }));
  const state = new ControlState(share);
  state.sourceFinish = 'finish' in source ? source.finish : 50;
  const steps: string[] = [];
  for (const [now, what] of events) {
    if (what !== '?') {
      state.steer(what, now);
      continue;
    }
    if (state.isPlain) {
      const polled = rest.shift() ?? DONE;
      if (state.passes(polled, now)) {
        steps.push(text(polled, undefined));
        continue;
      }
    } else state.again();
    let step = state.next(now);
    for (; step === DRAW; step = state.next(now)) state.drawn(rest.shift() ?? DONE);
    steps.push(text(step, state.until));
  }
  return { steps: steps.join(' '), state };
}
