import type * as t from 'io-ts';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { ConfiguredComponent, ConfiguredOperator } from './configured.js';

/** The codecs that read an operator, by the point where it stands. */
export type OperatorCodecs = { readonly [P in OperatorPoint]: t.Type<ConfiguredOperator<P>, unknown, unknown> };

/** The exports of a module. */
export type Exports = Readonly<Record<string, unknown>>;

/** For each extension point, a codec that reads a `{ type, ... }` value into a component that is ready to be created. */
export type PluginCodecs = {
  readonly [K in Exclude<ComponentKind, 'operator'>]: t.Type<ConfiguredComponent<K>, unknown, unknown>;
} & {
  readonly operator: OperatorCodecs;
  /** Reads the path or package of a module of the user, written in the key `use` of a component, into its exports. */
  readonly module: t.Type<Exports, unknown, unknown>;
};

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

/** A descriptor of any kind, its option type forgotten: what a registry holds. */
export type AnyDescriptor = { [K in ComponentKind]: Descriptor<K, unknown> }[ComponentKind];

/**
 * Describes a component of any kind but an operator (see `defineOperator`), checked against its kind: the codec's type is the constructor's argument.
 *
 * @example
 * export const discard = defineComponent({
 *   kind: 'aggregator', name: 'discard', summary: 'Drops every sample.',
 *   codec: () => struct('discard', {}),
 *   create: () => ignoreElements(),
 * });
 */
export function defineComponent<K extends Exclude<ComponentKind, 'operator'>, C, M extends ComponentKinds[K]>(
  descriptor: Omit<Descriptor<K, C, M>, 'codec'> & {
    readonly codec: (plugins: Parameters<Descriptor<K, C>['codec']>[0]) => t.Type<C, unknown, unknown>;
  },
): Descriptor<K, C, M> {
  return descriptor;
}

/** Describes an operator that a config can select, at one point of a pool. */
export interface OperatorDescriptor<P extends OperatorPoint, C> extends Descriptor<'operator', C> {
  /** Where it may stand; elsewhere a config is refused. */
  readonly at: P;
}
