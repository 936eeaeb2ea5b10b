import type { ComponentKind } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { Descriptor } from './descriptor.js';

/** How a component was made in code, so that a config can make it again for a run. */
export interface Recipe {
  readonly descriptor: Descriptor<ComponentKind, unknown>;
  /** As written. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What was handed in by name; it stays so in every run. */
  readonly deps: Partial<Deps>;
}

const kept = new WeakMap<object, Recipe>();

/** Remembers by which recipe a component was made. */
export const recipes = {
  /** Answers the component. */
  keep<T>(made: T, recipe: Recipe): T {
    if ((typeof made === 'object' && made !== null) || typeof made === 'function') kept.set(made, recipe);
    return made;
  },

  /** The recipe of a component that was made in code; undefined for everything else. */
  of(value: unknown): Recipe | undefined {
    return (typeof value === 'object' && value !== null) || typeof value === 'function' ? kept.get(value) : undefined;
  },
};
