import { DONE, PENDING, type Polled } from '../../../lib/core/cursor.js';
import { nextInShare, nthOfShare, type Share } from '../../../lib/core/deps.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { EpochMs, Millis } from '../../../lib/core/units.js';
import type { Command } from '../command.js';
import { PlanTime, SteadyRate } from './planTime.js';

/** A moment nearer than this is now, so that rounding never starts a timer. */
const NOW_MS: Millis = 1e-3;

/** A change that takes effect at a moment of the plan: another rate, or the end. */
interface Change {
  readonly from: EpochMs;
  /** Distance of two ticks in plan time; undefined ends the plan. */
  readonly every: Millis | undefined;
}

/** The next tick of the source, in plan time, if it is known. `unread`: the source must be polled to know. */
type Head =
  | { readonly is: 'unread' | 'pending' | 'done'; readonly tick: undefined }
  | { readonly is: 'ready'; readonly tick: Tick };

const UNREAD: Head = { is: 'unread', tick: undefined };
const NOTHING_YET: Head = { is: 'pending', tick: undefined };
const NO_MORE: Head = { is: 'done', tick: undefined };

/**
 * All that steered ticks depend on. A value: {@link steer}, {@link next} and {@link drawn} return another one. Moments of
 * the plan are in plan time.
 */
export interface ControlState {
  /** `new`: no tick was asked for yet, so commands concern the whole plan. `over`: the plan has ended. */
  readonly phase: 'new' | 'playing' | 'over';
  readonly time: PlanTime;
  /** Changes that have not taken effect yet, in the order of their moments. */
  readonly changes: readonly Change[];
  /** What replaces the ticks of the source, after a command `rate`. */
  readonly rate: SteadyRate | undefined;
  readonly head: Head;
  /** When the source ends, as far as it knows. */
  readonly finish: EpochMs | undefined;
  /** When the last tick was due. */
  readonly last: EpochMs | undefined;
  readonly share: Share;
  /** Index of the next tick of a rate. */
  readonly index: number;
}

/** The state before any tick was asked for and any command was given. */
export function initial(share: Share): ControlState {
  return {
    phase: 'new',
    time: new PlanTime(),
    changes: [],
    rate: undefined,
    head: UNREAD,
    finish: undefined,
    last: undefined,
    share,
    index: nthOfShare(share, 0),
  };
}

/** What to do next: poll the source, emit a tick, wait (until a known moment, or for a call), or end. */
export type Step =
  | { readonly type: 'draw'; readonly state: ControlState }
  | { readonly type: 'tick'; readonly state: ControlState; readonly tick: Tick }
  | { readonly type: 'wait'; readonly state: ControlState; readonly until: EpochMs | undefined }
  | { readonly type: 'end'; readonly state: ControlState };

/** Follows a command. */
export function steer(state: ControlState, command: Command, now: EpochMs): ControlState {
  const { time, share } = state;
  switch (command.type) {
    case 'pause':
      return { ...state, time: time.pause(now) };
    case 'resume':
      return { ...state, time: time.resume(now) };
    case 'scale':
      return { ...state, time: time.scale(now, command.factor) };
    case 'rate':
      return changed(state, now, (1000 * time.speed * share.of) / command.perSecond);
    case 'stop':
      return changed({ ...state, time: time.resume(now) }, now, undefined);
  }
}

function changed(state: ControlState, now: EpochMs, every: Millis | undefined): ControlState {
  const from = state.time.planAt(now);
  const earlier = state.changes.at(-1)?.from === from ? state.changes.slice(0, -1) : state.changes;
  return { ...state, changes: [...earlier, { from, every }] };
}

/** Decides what to do at `now`, which is not before the last command. After `draw`, call {@link drawn} and then `next` again. */
export function next(state: ControlState, now: EpochMs): Step {
  if (state.phase === 'over') return { type: 'end', state };
  if (state.time.paused) return { type: 'wait', state, until: undefined };
  let current = started(state, now);
  for (;;) {
    current = overtaken(current, now);
    if (mustDraw(current)) return { type: 'draw', state: current };
    const moment = nextMoment(current);
    const [change] = current.changes;
    if (change === undefined || moment < change.from) return handOut(current, moment, now);
    current = applied({ ...current, changes: current.changes.slice(1) }, change, moment);
    if (current.phase === 'over') return { type: 'end', state: current };
  }
}

/** Takes over what a poll of the source returned, and when the source ends, as far as that is known. */
export function drawn(state: ControlState, polled: Polled<Tick>, finish: EpochMs | undefined): ControlState {
  // Written out, as in handOut: one of each per tick, and a spread costs several times as much.
  const { phase, time, changes, rate, last, share, index } = state;
  const head: Head = polled === PENDING ? NOTHING_YET : polled === DONE ? NO_MORE : { is: 'ready', tick: polled };
  return { phase, time, changes, rate, head, finish, last, share, index };
}

/** The state for another try: a source that had nothing may have a tick now, and may know its end more exactly. */
export function again(state: ControlState, finish: EpochMs | undefined): ControlState {
  if (state.head.is !== 'pending' && state.finish === finish) return state;
  return { ...state, finish, head: state.head.is === 'pending' ? UNREAD : state.head };
}

/** Commands before the start apply to the whole plan. */
function started(state: ControlState, now: EpochMs): ControlState {
  if (state.phase === 'playing') return state;
  const from = state.time.planAt(now);
  return { ...state, phase: 'playing', changes: state.changes.map(({ every }) => ({ from, every })) };
}

/** A source that does not know its end is played on underneath a rate: ticks whose moment has passed are left out. */
function overtaken(state: ControlState, now: EpochMs): ControlState {
  const { rate, finish, head, time } = state;
  if (rate === undefined || finish !== undefined || head.tick === undefined) return state;
  return head.tick.at <= Math.min(rate.next, time.planAt(now)) ? { ...state, head: UNREAD } : state;
}

function mustDraw({ head, rate, finish }: ControlState): boolean {
  return head.is === 'unread' && (rate === undefined || finish === undefined);
}

/** When the next tick is due; `Infinity` when there is none, or none yet. */
function nextMoment({ rate, head, finish }: ControlState): EpochMs {
  if (rate === undefined) return head.tick?.at ?? Number.POSITIVE_INFINITY;
  const beforeEnd = finish === undefined ? head.is !== 'done' : rate.next < finish;
  return beforeEnd ? rate.next : Number.POSITIVE_INFINITY;
}

/** The current interval between two ticks is finished at the new rate, so it is neither cut nor repeated. */
function applied(state: ControlState, { from, every }: Change, moment: EpochMs): ControlState {
  if (every === undefined) return { ...state, phase: 'over' };
  const { rate, head, finish, last } = state;
  if (rate !== undefined) return { ...state, rate: new SteadyRate(from, every, clamped(rate.left(from))) };
  const end = Number.isFinite(moment) ? moment : finish;
  const phase = end !== undefined && last !== undefined && end > last ? (end - from) / (end - last) : 0;
  return {
    ...state,
    rate: new SteadyRate(from, every, clamped(phase)),
    index: head.tick?.index ?? state.index,
    // The next tick is replaced, but shows how far a source that does not know its end has played.
    head: head.is === 'ready' && finish !== undefined ? UNREAD : head,
  };
}

const clamped = (phase: number): number => Math.min(1, Math.max(0, phase));

function handOut(state: ControlState, moment: EpochMs, now: EpochMs): Step {
  if (!Number.isFinite(moment)) return nothing(state, now);
  const { phase, changes, rate, head, finish, share } = state;
  const time = state.time.from(moment);
  const due = time.realAt(moment);
  if (due - now > NOW_MS) {
    const until = Math.min(due, underneath(state) ?? due);
    return { type: 'wait', state: time === state.time ? state : { ...state, time }, until };
  }
  const own = rate === undefined ? head.tick : undefined;
  const index = own?.index ?? state.index;
  const at = Math.min(due, now);
  return {
    type: 'tick',
    tick: own?.at === at ? own : { index, at },
    state: {
      phase,
      time,
      changes,
      rate: rate?.after(),
      head: rate === undefined ? UNREAD : head,
      finish,
      last: moment,
      share,
      index: nextInShare(share, index),
    },
  };
}

/** There is no tick: the plan continues without one, the source has none yet, or it is over. */
function nothing(state: ControlState, now: EpochMs): Step {
  const finish = finishOf(state);
  if (finish !== undefined && finish - now > NOW_MS) return { type: 'wait', state, until: finish };
  if (state.head.is === 'done' || (finish !== undefined && state.rate !== undefined))
    return { type: 'end', state: { ...state, phase: 'over' } };
  return { type: 'wait', state, until: finish === undefined ? underneath(state) : undefined };
}

/** When the source that is played on underneath a rate has its next tick, in real time. */
function underneath({ head, time }: ControlState): EpochMs | undefined {
  return head.tick === undefined ? undefined : time.realAt(head.tick.at);
}

/** When the plan ends, in real time, as far as it is known. */
export function finishOf({ finish, phase, time }: ControlState): EpochMs | undefined {
  return finish === undefined || phase === 'over' ? undefined : time.realAt(finish);
}

/** True when there is no tick before the end, unless a command changes that. @param left How many the source has left. */
export function isExhausted(state: ControlState, left: number | undefined): boolean {
  const { time, changes, rate, finish, head } = state;
  if (time.paused || changes.length > 0) return false;
  if (rate !== undefined) return rate.next >= (finish ?? Number.POSITIVE_INFINITY);
  return head.is === 'done' || (head.is !== 'ready' && left === 0);
}
