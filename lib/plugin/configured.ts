import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import type { Deps } from '../core/deps.js';

/** A component chosen and configured, not yet created. Each `create` makes a new one (Pandora's plugin factory). */
export interface ConfiguredComponent<K extends ComponentKind> {
  readonly kind: K;
  readonly name: string;
  /** The decoded options. */
  readonly config: unknown;
  create(deps: Deps): ComponentKinds[K];
}

/** An operator chosen and configured, not yet created, and the point of a pool that it is made for. */
export interface ConfiguredOperator<P extends OperatorPoint = OperatorPoint> extends ConfiguredComponent<'operator'> {
  readonly at: P;
}

/** True for a component of that kind that was chosen in code, and so needs no decoding. */
export function isConfigured<K extends ComponentKind>(kind: K, raw: unknown): raw is ConfiguredComponent<K> {
  if (typeof raw !== 'object' || raw === null) return false;
  const candidate = raw as Partial<ConfiguredComponent<K>>;
  return candidate.kind === kind && typeof candidate.create === 'function';
}
