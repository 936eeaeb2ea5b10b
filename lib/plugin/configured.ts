import type { ConfigError } from '../codec/report/configError.js';
import type { ComponentKind, ComponentKinds, Middleware, OperatorPoint } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import { withContext } from '../core/errorContext.js';
import { ElpisError, type ErrorContext } from '../core/errors.js';
import type { AnyComponent } from './anyComponent.js';
import type { ComponentTraits } from './traits.js';
import { isUserValue } from './userValue.js';

/** The same middleware, with its name added to its errors. */
function namedMiddleware(middleware: Middleware, component: ErrorContext['component'], name: string): Middleware {
  return (ammo) => {
    try {
      return middleware(ammo);
    } catch (error) {
      throw withContext(error, { component }, { code: 'ELPIS_PLUGIN', what: `middleware "${name}" failed` });
    }
  };
}

/**
 * Wraps `create` of a component with decoded options. An exception, and a result that is no component of its kind,
 * become `ELPIS_PLUGIN` with the name of the component; an ElpisError keeps its code.
 */
function creating<K extends ComponentKind>(
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
      throw withContext(error, { component }, { code: 'ELPIS_PLUGIN', what });
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

/** A component with its options, not yet created. Each `create` makes a new one (Pandora's plugin factory). */
export interface ConfiguredComponent<K extends ComponentKind, C = unknown> {
  readonly kind: K;
  readonly name: string;
  /** Decoded, with their defaults. */
  readonly options: C;
  create(deps: Deps): ComponentKinds[K];
  /** One line for messages, such as `line 1 to 500/s in 60s, 15,030 operations`. */
  describe(): string;
  /** What other parts must know about it. */
  readonly traits: ComponentTraits[K];
}

/** An operator with its options, not yet created, and the point of a pool that it is made for. */
export interface ConfiguredOperator<P extends OperatorPoint = OperatorPoint> extends ConfiguredComponent<'operator'> {
  readonly at: P;
}

/** The key under which a component that was made in code carries its name and options. Every copy of the package has the same. */
export const CONFIGURED: unique symbol = Symbol.for('elpis.configured');

/** A component that was made by a call in code: its written and its decoded options. */
export interface MadeInCode<K extends ComponentKind = ComponentKind, C = unknown> extends ConfiguredComponent<K, C> {
  /** The component that was called. */
  readonly component: AnyComponent<K>;
  /** The options as written. */
  readonly written: unknown;
  /** Dependencies that were passed to the call; they stay the same in every run. */
  readonly given: Partial<Deps>;
  /** The issues of the options, with the stack of the call. `options` and `create` throw it. */
  readonly error: ConfigError | undefined;
}

/** A value that carries the component from which it was made. */
export interface Configured<K extends ComponentKind = ComponentKind, C = unknown> {
  readonly [CONFIGURED]: MadeInCode<K, C>;
}

/** The component whose call made a value; undefined for every other value. */
export function madeInCode(value: unknown): MadeInCode | undefined {
  const holds = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return holds ? (value as Partial<Configured>)[CONFIGURED] : undefined;
}

/** What {@link configure} needs besides the component and its options. */
export interface ConfigureOptions {
  /** Its name in messages. Default: the name of the component. */
  readonly name?: string;
  /** Dependencies that stay the same in every run. */
  readonly given?: Partial<Deps>;
}

/** A component with decoded options. */
export function configure<K extends ComponentKind, C>(
  component: AnyComponent<K>,
  options: C,
  { name = component.name, given }: ConfigureOptions = {},
): ConfiguredComponent<K, C> {
  return {
    kind: component.kind,
    name,
    options,
    create: creating(component.kind, name, (deps) =>
      component.create(options, given === undefined ? deps : { ...deps, ...given }),
    ),
    describe: () => component.describe(options, name),
    get traits() {
      return component.traits(options);
    },
  };
}
