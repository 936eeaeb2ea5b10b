// Compiled, never run: the codes of errors, which are a part of the public API, and their effect on types.
import { type ElpisError, type ErrorCode, isElpisError } from '../../lib/core/errors.js';

type Pinned =
  | 'ELPIS_CONFIG'
  | 'ELPIS_CONFIG_READ'
  | 'ELPIS_USAGE'
  | 'ELPIS_PLUGIN'
  | 'ELPIS_SOURCE'
  | 'ELPIS_AMMO'
  | 'ELPIS_NO_AMMO'
  | 'ELPIS_SCHEDULE'
  | 'ELPIS_OPERATOR'
  | 'ELPIS_GUN'
  | 'ELPIS_SHOT'
  | 'ELPIS_AGGREGATOR'
  | 'ELPIS_SINK'
  | 'ELPIS_RECORD'
  | 'ELPIS_COUNTS'
  | 'ELPIS_SAMPLES_DROPPED'
  | 'ELPIS_THRESHOLDS'
  | 'ELPIS_VERDICT'
  | 'ELPIS_OVERFLOW'
  | 'ELPIS_CONTROL'
  | 'ELPIS_STALLED'
  | 'ELPIS_UNCAUGHT'
  | 'ELPIS_SHARE'
  | 'ELPIS_MESH'
  | 'ELPIS_ABANDONED'
  | 'ELPIS_LIMIT'
  | 'ELPIS_LISTEN'
  | 'ELPIS_INTERNAL';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
// A code that is added, removed or renamed makes this `false`.
export const pinned: Same<ErrorCode, Pinned> = true;

declare const thrown: unknown;
if (isElpisError(thrown, 'ELPIS_NO_AMMO')) {
  const error: ElpisError = thrown;
  const where: string | undefined = error.pool;
  const kind: string | undefined = error.component?.kind;
  const instance: number | undefined = error.instance;
  console.log(error.code, where, kind, instance, error.place, error.also);
  // @ts-expect-error: the fields of an error are set by Elpis, not by the code that catches it
  error.pool = 'other';
}
// @ts-expect-error: no such code
isElpisError(thrown, 'ELPIS_POOL');
