import type { Part } from '../session/part.js';
import type { Vars } from '../session/vars.js';
import type { WhenFailed } from './whenFailed.js';

/** A value that can stand in a query, a form or a header; `undefined` leaves the name out. */
export type Scalar = string | number | boolean | undefined;

/** What JSON can say; `undefined` leaves the key out. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** The parts of a request besides method and path. Each is a value, or a function of the session's variables. */
export interface RequestOptions<V extends Vars> {
  /** Appended to the path, escaped. */
  readonly query?: Part<V, Readonly<Record<string, Scalar>>>;
  readonly headers?: Part<V, Readonly<Record<string, Scalar>>>;
  /** Body as it is. At most one of `body`, `json` and `form`. */
  readonly body?: Part<V, string | Uint8Array>;
  /** Body as JSON, with `Content-Type: application/json` unless `headers` has another. */
  readonly json?: Part<V, Json>;
  /** Body as the fields of an HTML form, with its `Content-Type`. */
  readonly form?: Part<V, Readonly<Record<string, Scalar>>>;
  /** When no complete answer comes (a bad status is one). Default `end`: the scenario ends. */
  readonly otherwise?: WhenFailed;
}
