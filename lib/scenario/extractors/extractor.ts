import type { Session } from '../session/session.js';
import type { TransportResponse } from '../../protocols/transportResponse.js';
import type { Vars } from '../session/vars.js';

/**
 * Finds a value in an answer; `undefined` when it is not there. Any function, or one of `jsonPath`, `jsonAll`, `header`,
 * `regex`, `css`, `cssAll`, `xpath`, `xpathAll`, `cookie`.
 */
export type Extractor<T> = (response: TransportResponse, session: Session<Vars>) => T | undefined;

/** The variables that a record of extractors makes. */
export type Extracted<X extends Readonly<Record<string, Extractor<unknown>>>> = {
  readonly [K in keyof X]: X[K] extends Extractor<infer T> ? Exclude<T, undefined> : never;
};
