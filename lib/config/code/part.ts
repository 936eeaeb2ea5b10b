import type { Aggregator } from '../../core/aggregator.js';
import type { ComponentKind, ComponentKinds } from '../../core/component.js';
import type { Chosen } from '../../plugin/chosen.js';

/** A component as plain data: what YAML would say. */
export interface TypedData {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * A component in a config in code: made by a function such as `http(...)`, a value of the user's own that fulfils the
 * contract of its kind, or plain data as in YAML.
 */
export type Part<K extends ComponentKind> =
  | (K extends 'aggregator' ? Aggregator<never> : ComponentKinds[K])
  | Chosen<K>
  | TypedData;
