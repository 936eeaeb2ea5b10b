import { throwError } from 'rxjs';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
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

/** True for a map that is really a component, made or chosen in code: nobody looks for config keys in it. */
export function isMadeInCode(value: Readonly<Record<string, unknown>>): boolean {
  if (recipes.of(value) !== undefined) return true;
  return ['create', 'open', 'atNs'].some((method) => typeof value[method] === 'function');
}

let readings = 0;

/**
 * While a config in code is being read, a component with wrong options is not refused on the spot: the check of the whole
 * config tells every flaw at once, each with its place.
 */
export const lenient = {
  /** Is lenient until `body` has settled. */
  async during<T>(body: () => Promise<T>): Promise<T> {
    readings++;
    try {
      return await body();
    } finally {
      readings--;
    }
  },

  /** True inside {@link lenient.during}. */
  now(): boolean {
    return readings > 0;
  },
};

/** Stands for a component whose options were wrong: whoever uses it gets the error that says so. */
export function brokenComponent<K extends ComponentKind>(kind: K, error: Error): ComponentKinds[K] {
  const refuse = (): never => {
    throw error;
  };
  const failing = throwError(() => error);
  // A change of its plan is refused for the same reason.
  const schedule = Object.defineProperty(
    throwError(() => error),
    'plan',
    { get: refuse },
  );
  const broken: ComponentKinds = {
    schedule,
    provider: failing,
    gun: { warmUp: () => failing, create: refuse },
    aggregator: () => failing,
    source: { name: kind, rereadable: false, open: refuse },
    sink: { name: kind, open: refuse },
    middleware: refuse,
    observer: () => failing,
    operator: { at: 'ticks', operator: () => failing },
  };
  return broken[kind];
}
