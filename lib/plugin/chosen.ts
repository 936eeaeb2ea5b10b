import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Deps } from '../core/deps.js';

/** A component chosen and configured, not yet created. Each `create` makes a new one (Pandora's plugin factory). */
export interface Chosen<K extends ComponentKind> {
  readonly kind: K;
  readonly name: string;
  /** The decoded options. */
  readonly config: unknown;
  create(deps: Deps): ComponentKinds[K];
}
