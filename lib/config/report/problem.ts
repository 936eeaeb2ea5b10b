import type { FlawCode } from '../../codec/flaw.js';

/** One thing that is wrong with a config, as data: what `check --json` prints. */
export interface Problem {
  /** Stable name of what is wrong. */
  readonly code: FlawCode | 'syntax';
  /** Where, such as `pools[0].rps.duration`; empty for a syntax error. */
  readonly path: string;
  /** Line and column in the text, from 1; absent when there is no text. */
  readonly line?: number;
  readonly column?: number;
  /** How many characters of the line are meant. */
  readonly length?: number;
  /** What was written, before `${...}` was replaced; absent for maps, lists and absent values. */
  readonly value?: string | number | boolean | null;
  /** What would have been right. */
  readonly expected: string;
  readonly hint?: string;
  /** The whole in one sentence, without the place and the hint. */
  readonly message: string;
}
