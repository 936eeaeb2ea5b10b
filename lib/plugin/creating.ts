import { blame } from '../core/blame.js';
import type { ComponentKind, ComponentKinds, Middleware } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import { type Culprit, ElpisError } from '../core/errors.js';
import { isUserValue } from './userValue.js';

/** The same middleware, whose failure names it. */
function namedMiddleware(middleware: Middleware, component: Culprit['component'], name: string): Middleware {
  return (ammo) => {
    try {
      return middleware(ammo);
    } catch (error) {
      throw blame(error, { component }, { code: 'ELPIS_PLUGIN', what: `middleware "${name}" failed` });
    }
  };
}

/**
 * The constructor of a component with its options decoded. What it throws, and a result that is no component of its kind,
 * becomes `ELPIS_PLUGIN` with the name of the component; an ElpisError keeps its code.
 */
export function creating<K extends ComponentKind>(
  kind: K,
  name: string,
  create: (deps: Deps) => ComponentKinds[K],
): (deps: Deps) => ComponentKinds[K] {
  const component = { kind, name };
  const what = `${kind} "${name}" cannot be made`;
  const made = (deps: Deps): ComponentKinds[K] => {
    let result: ComponentKinds[K];
    try {
      result = create(deps);
    } catch (error) {
      throw blame(error, { component }, { code: 'ELPIS_PLUGIN', what });
    }
    // An operator comes with the point where it stands, and is checked when it is applied.
    if (kind === 'operator' || isUserValue(kind, result)) return result;
    throw new ElpisError('ELPIS_PLUGIN', `${what}: create returned ${String(result)}, which is no ${kind}`, {
      component,
    });
  };
  if (kind !== 'middleware') return made;
  return (deps) => namedMiddleware(made(deps) as Middleware, component, name) as ComponentKinds[K];
}
