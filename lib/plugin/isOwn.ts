import { isObservable } from 'rxjs';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import { isPlan } from './isPlan.js';

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';

const FITS: Readonly<Record<ComponentKind, (value: unknown) => boolean>> = {
  schedule: (value) => isPlan(value) || isObservable(value),
  provider: isObservable,
  gun: (value) => has(value, 'make'),
  aggregator: (value) => typeof value === 'function',
  source: (value) => has(value, 'open'),
  sink: (value) => has(value, 'open'),
  middleware: (value) => typeof value === 'function',
  operator: (value) => typeof value === 'function',
};

/** True for a value that fulfils the contract of a kind, as far as its shape tells: a component of the user's own. */
export function isOwn<K extends ComponentKind>(kind: K, value: unknown): value is ComponentKinds[K] {
  return FITS[kind](value);
}
