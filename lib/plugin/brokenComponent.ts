import { throwError } from 'rxjs';
import type { ComponentKind, ComponentKinds } from '../core/component.js';

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
    gun: { warmUp: () => failing, make: refuse },
    aggregator: () => failing,
    source: { name: kind, rereadable: false, open: refuse },
    sink: { name: kind, open: refuse },
    middleware: refuse,
    operator: { at: 'ticks', operator: () => failing },
  };
  return broken[kind];
}
