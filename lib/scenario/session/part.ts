import type { Session } from './session.js';
import type { Vars } from './vars.js';

/** A part of a step: a value, or a function that makes it of the session's variables. */
export type Part<V extends Vars, T> = T | ((vars: V, session: Session<V>) => T);

/** The value of a part for a session. */
export function partOf<V extends Vars, T>(part: Part<V, T>, session: Session<V>): T {
  return typeof part === 'function' ? (part as (vars: V, session: Session<V>) => T)(session.vars, session) : part;
}
