import type { Window } from './window.js';

/** That a condition held, and over what. */
export interface Verdict {
  /** All that was judged: one window, or several in a row merged into one. */
  readonly window: Window;
  /** The text that the condition answered; `the condition holds` when it answered only `true`. */
  readonly reason: string;
}
