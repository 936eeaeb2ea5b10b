import type { Decoder } from 'io-ts';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { PartCodecs } from './part.js';
import type { ComponentTraits } from './traits.js';

/** A component with options of any type: an entry of a registry, from which every listing is derived. */
export interface AnyComponent<K extends ComponentKind = ComponentKind> {
  readonly kind: K;
  /** Selects it in a config: `type: NAME`. */
  readonly name: string;
  /** One sentence for `elpis plugins`. */
  readonly summary: string;
  /** Where an operator stands in a pool; absent for other kinds. */
  readonly at?: OperatorPoint;
  /** Example options, as a first config would have them. */
  readonly example?: unknown;
  /** The components that text, a list or a `{ type }` inside its options can stand for in code. */
  readonly parts?: () => readonly AnyComponent[];
  /** Loads code that only this component needs. A config awaits it before it decodes options of the component. */
  readonly load?: () => Promise<unknown>;
  /**
   * The codec of its options.
   *
   * @param parts The codecs of the components inside. Default: those of code.
   */
  options(parts?: PartCodecs): Decoder<unknown, unknown>;
  /** Makes it from decoded options. */
  create(options: unknown, deps: Deps): ComponentKinds[K];
  /**
   * One line about decoded options.
   *
   * @param as Its name in messages, for a component that describes itself by its name only. Default: its name.
   */
  describe(options: unknown, as?: string): string;
  /** What other parts must know about it with these decoded options. */
  traits(options: unknown): ComponentTraits[K];
}
