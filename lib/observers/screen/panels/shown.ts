import type { EpochMs, Millis } from '../../../core/units.js';
import type { Playback } from '../../../engine/runHandle.js';
import type { PoolView } from '../../../view/poolView.js';
import type { RunView } from '../../../view/runView.js';
import type { ScreenState } from '../screenState.js';

/** What a frame is drawn from. */
export interface Shown {
  readonly view: RunView;
  readonly state: ScreenState;
  /** The moment of the frame. */
  readonly at: EpochMs;
  /** How a recorded run is played; undefined for a run that runs. */
  readonly playback?: Playback | undefined;
}

/** The chosen pool, or the whole run: both have windows and totals. */
export function subject({ view, state }: Shown): Pick<PoolView, 'windows' | 'totals' | 'total' | 'untagged'> {
  return (state.pool === undefined ? undefined : view.pool(state.pool)) ?? view;
}

/** The chosen pools. */
export function shownPools({ view, state }: Shown): readonly PoolView[] {
  const pool = state.pool === undefined ? undefined : view.pool(state.pool);
  return pool === undefined ? view.pools : [pool];
}

/** The length of the window of figures as text. */
export function windowText(ms: Millis): string {
  if (ms === Number.POSITIVE_INFINITY) return 'all';
  return ms < 60_000 ? `${ms / 1000} s` : `${ms / 60_000} min`;
}
