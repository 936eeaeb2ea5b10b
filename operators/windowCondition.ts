import type { Window } from './window.js';

/** Judges a window: `true` or a text (the reason) means that the condition holds; `false` or an empty text that it does not. */
export type WindowCondition = (window: Window) => boolean | string;
