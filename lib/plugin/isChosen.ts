import type { ComponentKind } from '../core/component.js';
import type { Chosen } from './chosen.js';

/** True for a component of that kind that was chosen in code, and so needs no decoding. */
export function isChosen<K extends ComponentKind>(kind: K, raw: unknown): raw is Chosen<K> {
  if (typeof raw !== 'object' || raw === null) return false;
  const candidate = raw as Partial<Chosen<K>>;
  return candidate.kind === kind && typeof candidate.create === 'function';
}
