import { type Command, command } from '../../../operators/ticks/command.js';
import type { Millis } from '../../core/units.js';
import type { Playback } from '../../engine/runHandle.js';
import type { RunView } from '../../view/runView.js';
import type { Key } from './keys.js';

/** The columns by which the table of tags can be sorted. */
export const SORTS = ['count', 'rate', 'errors', 'p50', 'p99', 'max', 'tag'] as const;
/** One of {@link SORTS}. */
export type Sort = (typeof SORTS)[number];

/** The windows of time for the figures, in turn. */
export const WINDOWS: readonly Millis[] = [1000, 10_000, 60_000, Number.POSITIVE_INFINITY];

/** A question or a text that is being typed at the bottom of the screen. */
export interface Prompt {
  readonly about: 'stop' | 'abort' | 'filter' | 'note';
  /** What was typed. */
  readonly text: string;
}

/** What the user of the screen has chosen. */
export interface ScreenState {
  readonly windowMs: Millis;
  readonly sort: Sort;
  /** True: the smallest first. */
  readonly ascending: boolean;
  /** Only tags that contain this text are shown. */
  readonly filter: string;
  /** The number of rows of the table above the first one that is shown. */
  readonly scroll: number;
  /** The id of the only pool that is shown and controlled; undefined: all. */
  readonly pool: string | undefined;
  readonly help: boolean;
  readonly prompt: Prompt | undefined;
}

export const FIRST_STATE: ScreenState = {
  ...{ windowMs: 10_000, sort: 'count', ascending: false, filter: '', scroll: 0 },
  ...{ pool: undefined, help: false, prompt: undefined },
};

/** What a key asks for besides another state. */
export type Action =
  | { readonly type: 'command'; readonly command: Command; readonly pool: string | undefined }
  | { readonly type: 'stop' }
  | { readonly type: 'abort' }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'interrupt' }
  | { readonly type: 'suspend' }
  | { readonly type: 'redraw' };

/** The state after a key, and what it asks for. */
export interface Pressed {
  readonly state: ScreenState;
  readonly action?: Action;
}

const next = <T>(values: readonly T[], value: T, step = 1): T =>
  values[(values.indexOf(value) + step + values.length) % values.length] as T;

/** The longest text that can be typed. */
const MAX_TEXT = 200;

function answered(state: ScreenState, prompt: Prompt, key: Key): Pressed {
  const closed = { ...state, prompt: undefined };
  if (prompt.about === 'stop' || prompt.about === 'abort')
    return key === 'y' || key === 'enter' ? { state: closed, action: { type: prompt.about } } : { state: closed };
  if (key === 'escape') return { state: prompt.about === 'filter' ? { ...closed, filter: '' } : closed };
  if (key === 'enter')
    return prompt.about === 'note' && prompt.text.trim() !== ''
      ? { state: closed, action: { type: 'note', text: prompt.text.trim() } }
      : { state: closed };
  const typed = key === 'backspace' ? [...prompt.text].slice(0, -1).join('') : prompt.text + typedText(key);
  const text = typed.slice(0, MAX_TEXT);
  const filter = prompt.about === 'filter' ? { filter: text, scroll: 0 } : {};
  return { state: { ...state, ...filter, prompt: { ...prompt, text } } };
}

const typedText = (key: Key): string => (key === 'space' ? ' ' : [...key].length === 1 ? key : '');

/** The factors of the keys that change the rate. A step up is undone by a step down. */
const FACTORS: Readonly<Record<string, number>> = { '+': 1.05, '=': 1.05, '-': 1 / 1.05, '>': 1.25, '<': 1 / 1.25 };

function isPaused(view: RunView, pool: string | undefined, playback: Playback | undefined): boolean {
  if (playback !== undefined) return playback.paused;
  return pool === undefined ? view.paused : view.pool(pool)?.position.paused === true;
}

/** What cannot be undone in a run, and does no harm to a record that is played, or is not possible there. */
const WHILE_PLAYED: Readonly<Record<string, Action | undefined>> = {
  q: { type: 'abort' },
  Q: { type: 'abort' },
  n: undefined,
};

/**
 * The state after a key. Pure: the screen carries out the action.
 *
 * @param playback How a recorded run is played; undefined for a run that runs.
 */
export function pressed(state: ScreenState, key: Key, view: RunView, playback?: Playback): Pressed {
  if (key === 'ctrl-c') return { state, action: { type: 'interrupt' } };
  if (key === 'ctrl-z') return { state, action: { type: 'suspend' } };
  if (key === 'ctrl-l') return { state, action: { type: 'redraw' } };
  if (state.prompt !== undefined) return answered(state, state.prompt, key);
  if (state.help) return { state: { ...state, help: false } };
  if (playback !== undefined && key in WHILE_PLAYED) {
    const action = WHILE_PLAYED[key];
    return action === undefined ? { state } : { state, action };
  }
  const { pool } = state;
  const send = (sent: Command): Pressed => ({ state, action: { type: 'command', command: sent, pool } });
  const factor = FACTORS[key];
  if (factor !== undefined) return send(command.scaleBy(factor));
  switch (key) {
    case 'p':
    case 'space':
      return send(isPaused(view, pool, playback) ? command.resume() : command.pause());
    case 'q':
      return { state: { ...state, prompt: { about: 'stop', text: '' } } };
    case 'Q':
      return { state: { ...state, prompt: { about: 'abort', text: '' } } };
    case '/':
      return { state: { ...state, prompt: { about: 'filter', text: state.filter } } };
    case 'n':
      return { state: { ...state, prompt: { about: 'note', text: '' } } };
    case 'w':
      return { state: { ...state, windowMs: next(WINDOWS, state.windowMs) } };
    case 's':
      return { state: { ...state, sort: next(SORTS, state.sort), ascending: false, scroll: 0 } };
    case 'S':
      return { state: { ...state, sort: next(SORTS, state.sort, -1), ascending: false, scroll: 0 } };
    case 'r':
      return { state: { ...state, ascending: !state.ascending, scroll: 0 } };
    case 'tab':
      return { state: { ...state, scroll: 0, pool: next([undefined, ...view.pools.map(({ id }) => id)], pool) } };
    case 'up':
    case 'k':
      return { state: { ...state, scroll: Math.max(0, state.scroll - 1) } };
    case 'down':
    case 'j':
      return { state: { ...state, scroll: state.scroll + 1 } };
    case 'escape':
      return { state: { ...state, filter: '', scroll: 0, pool: undefined } };
    case '?':
    case 'h':
      return { state: { ...state, help: true } };
    default:
      return { state };
  }
}
