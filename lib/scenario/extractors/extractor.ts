import { A_FUNCTION, A_TEXT, checkArgument } from '../../core/argument.js';
import type { TransportResponse } from '../../protocols/transport.js';
import type { Session, Vars } from '../session.js';
import { matcherOf } from './limits.js';

/**
 * Finds a value in a response; returns `undefined` when it is missing. Any function, or one of `jsonPath`, `jsonAll`,
 * `header`, `regex`, `css`, `cssAll`, `xpath`, `xpathAll`, `cookie`.
 */
export type Extractor<T> = (response: TransportResponse, session: Session<Vars>) => T | undefined;

/** The variables that a record of extractors returns. */
export type Extracted<X extends Readonly<Record<string, Extractor<unknown>>>> = {
  readonly [K in keyof X]: X[K] extends Extractor<infer T> ? Exclude<T, undefined> : never;
};

/** The value of the first header of that name. @example extract({ next: header('location') }) */
export function header(name: string): Extractor<string> {
  checkArgument('header', 'name', name, A_TEXT);
  return (response) => response.header(name);
}

/** The value of a cookie that the virtual user has for the root of the target. @example extract({ session: cookie('sid') }) */
export function cookie(name: string): Extractor<string> {
  checkArgument('cookie', 'name', name, A_TEXT);
  return (_response, { scope }) => {
    const { cookies, transport } = scope.run.user;
    return cookies?.value(name, `${transport.origin}/`, scope.now());
  };
}

/**
 * The first match of an expression in the body: its first group, or the whole match when it has no groups. An
 * expression that backtracks for over 500 ms is a failed extraction.
 *
 * @param group Number or name of another group.
 * @example
 * extract({ order: regex(/order (\d+)/) });
 */
export function regex(expression: RegExp, group?: number | string): Extractor<string> {
  const isExpression = (value: unknown): boolean => value instanceof RegExp;
  checkArgument('regex', 'expression', expression, { expected: 'a regular expression', holds: isExpression });
  const find = matcherOf(expression);
  return (response) => {
    const match = find(response, response.text);
    if (match === null) return undefined;
    if (typeof group === 'string') return match.groups?.[group];
    return match[group ?? Math.min(1, match.length - 1)];
  };
}

/** The value that an extractor finds, or a default. @example extract({ page: orElse(regex(/page=(\d+)/), '1') }) */
export function orElse<T, D>(extractor: Extractor<T>, value: D): Extractor<T | D> {
  checkArgument('orElse', 'extractor', extractor, A_FUNCTION);
  return (response, session) => extractor(response, session) ?? value;
}

/** A JSON value as text: a string unchanged, any other value as JSON; `undefined` for `null` and `undefined`. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
