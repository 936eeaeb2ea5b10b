import type * as t from 'io-ts';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Descriptor } from './descriptor.js';

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
