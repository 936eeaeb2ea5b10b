import type * as t from 'io-ts';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { OperatorPoint } from '../core/operatorPoint.js';
import type { Chosen } from './chosen.js';
import type { ChosenOperator } from './chosenOperator.js';

/** The codecs that read an operator, by the point where it stands. */
export type OperatorCodecs = { readonly [P in OperatorPoint]: t.Type<ChosenOperator<P>, unknown, unknown> };

/** For each extension point, a codec that reads a `{ type, ... }` value into a component that is ready to be created. */
export type PluginCodecs = {
  readonly [K in Exclude<ComponentKind, 'operator'>]: t.Type<Chosen<K>, unknown, unknown>;
} & { readonly operator: OperatorCodecs };

/**
 * Describes one component: the name under which a config selects it, the codec of its options, and its constructor.
 *
 * - `codec` is called with the codecs of all extension points, for components that contain others.
 * - `create` MUST be free of side effects outside `deps`: files are opened and names resolved when the run starts.
 */
export interface Descriptor<K extends ComponentKind, C, M extends ComponentKinds[K] = ComponentKinds[K]> {
  readonly kind: K;
  readonly name: string;
  /** One sentence for `elpis plugins`. */
  readonly summary: string;
  readonly codec: (plugins: PluginCodecs) => t.Type<C, unknown, unknown>;
  readonly create: (config: C, deps: Deps) => M;
}
