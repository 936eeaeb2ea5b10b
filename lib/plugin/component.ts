import { isLeft } from 'fp-ts/lib/Either.js';
import type { Codec, CodecIssue } from '../codec/issue.js';
import { ConfigError, drawIssues } from '../codec/report/configError.js';
import { issuesOf } from '../codec/report/issues.js';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import { defined } from '../core/defined.js';
import type { Deps } from '../core/deps.js';
import type { AnyComponent } from './anyComponent.js';
import { type Configured, configure, type MadeInCode } from './configured.js';
import type { PartCodecs, PointOperator } from './part.js';
import { type PipelineValue, pipelineValue } from './pipelineValue.js';
import { pluginCodecs } from './pluginCodecs.js';
import { Registry } from './registry.js';
import type { ComponentTraits } from './traits.js';

/** The definition of a component. The order of the keys matters to the compiler: `options` comes before its users. */
export interface ComponentDefinition<K extends ComponentKind, C, W, M extends ComponentKinds[K]> {
  readonly kind: K;
  /** Selects it in a config: `type: NAME`. */
  readonly name: string;
  /** One sentence for `elpis plugins`. */
  readonly summary: string;
  /**
   * The components that text, a list or a `{ type }` inside its options can stand for in code. In a config they are all
   * components of the registry. Default: none, so that components inside are values.
   */
  readonly parts?: () => readonly AnyComponent[];
  /** Loads code that only this component needs, see {@link lazily}. In code nothing is loaded before the options are decoded. */
  readonly load?: () => Promise<unknown>;
  /** The codec of its options, or a function of the codecs of the components inside. */
  readonly options: Codec<C, W> | ((parts: PartCodecs) => Codec<C, W>);
  /**
   * Example options, as a first config would have them, for the reference, `elpis explain` and editors. A spec checks
   * them.
   */
  readonly example?: NoInfer<W>;
  /** Makes it. MUST be free of side effects outside `deps`: files are opened and names are resolved when the run starts. */
  readonly create: (options: C, deps: Deps) => M;
  /** One line about it for messages, such as `line 1 to 500/s in 60s`. Default: its name. */
  readonly describe?: (options: C) => string;
  /** What other parts must know about it. Default: nothing is known. */
  readonly traits?: (options: C) => ComponentTraits[K];
}

/** The arguments of a component in code: its options, which may be left out when no key is required, and dependencies. */
export type CodeArguments<W> =
  Record<never, never> extends W ? [options?: W, deps?: Partial<Deps>] : [options: W, deps?: Partial<Deps>];

/** A component: a function that returns a value for pipelines and configs, together with its own description. */
export interface Component<K extends ComponentKind, C, W, M extends ComponentKinds[K]> extends AnyComponent<K> {
  /**
   * Makes it with options in code. The value works by itself in a pipeline, and stands for its name and options in
   * `pool(...)`, where every run makes its own.
   * The second argument replaces dependencies; the default ones are this process and real time.
   */
  (...args: CodeArguments<W>): PipelineValue<K, M> & Configured<K, C>;
  options(parts?: PartCodecs): Codec<C, W>;
  create(options: C, deps: Deps): M;
  describe(options: C, as?: string): string;
  traits(options: C): ComponentTraits[K];
}

/** A component that is an operator at one point of a pool. */
export type OperatorComponent<P extends OperatorPoint, C, W> = Component<'operator', C, W, AppliedOperator<P>> & {
  readonly at: P;
};

/** What an operator component creates: the operator, and where it stands. */
export interface AppliedOperator<P extends OperatorPoint> {
  readonly at: P;
  readonly operator: PointOperator<P>;
}

/** Decodes the options of one call. Their issues become an error with the stack of the call. */
function made<K extends ComponentKind, C>(
  { component, codec }: { readonly component: AnyComponent<K>; readonly codec: Codec<C> },
  written: unknown,
  given: Partial<Deps>,
  call: (...args: never[]) => unknown,
): MadeInCode<K, C> {
  const { kind, name } = component;
  const decoded = codec.decode(written);
  if (!isLeft(decoded)) {
    return Object.assign(configure(component, decoded.right, { given }), {
      component,
      written,
      given,
      error: undefined,
    });
  }
  const issues = issuesOf(decoded.left as CodecIssue[]);
  const error = new ConfigError(drawIssues(issues, { name: `${kind} "${name}"` }), issues);
  Error.captureStackTrace(error, call);
  const refuse = (): never => {
    throw error;
  };
  return {
    component,
    written,
    given,
    error,
    kind,
    name,
    get options() {
      return refuse();
    },
    create: refuse,
    describe: () => `${name} with wrong options`,
    traits: {},
  };
}

/** The codecs of components and of what these can contain. */
function codecsOf(parts: readonly AnyComponent[]): PartCodecs {
  const all = new Set(parts);
  // The iteration of a set includes what is added during it.
  for (const part of all) for (const inner of part.parts?.() ?? []) all.add(inner);
  return pluginCodecs(new Registry(all), { inCode: true });
}

function makeComponent<K extends ComponentKind, C, W, M extends ComponentKinds[K]>(
  definition: ComponentDefinition<K, C, W, M> & { readonly at?: OperatorPoint },
): Component<K, C, W, M> {
  const { kind, name, summary, at, parts, load, options, example, create, describe, traits } = definition;
  let ofCode: Codec<C, W> | undefined;
  const inCode = (): Codec<C, W> => {
    ofCode ??= typeof options === 'function' ? options(codecsOf(parts?.() ?? [])) : options;
    return ofCode;
  };
  const call = (written: unknown = {}, given: Partial<Deps> = {}) =>
    pipelineValue(made<K, C>({ component: whole, codec: inCode() }, written, given, call));
  const about = {
    kind,
    summary,
    ...defined({ at, parts, load, example }),
    options: (codecs?: PartCodecs) =>
      codecs === undefined || typeof options !== 'function' ? inCode() : options(codecs),
    create,
    describe: describe ?? ((_options: C, as = name) => as),
    traits: traits ?? ((): ComponentTraits[K] => ({})),
  };
  const value: unknown = Object.defineProperty(Object.assign(call, about), 'name', { value: name });
  const whole = value as Component<K, C, W, M>;
  return whole;
}

/**
 * Makes a component of any kind except an operator (see {@link defineOperator}). The returned value is used everywhere:
 * as a function in code, an entry of a registry, a JSON Schema, and a listing in `elpis plugins`.
 *
 * ```text
 * in a pipeline          ticks.pipe(zipAmmo(users({ limit: 10 })))
 * in a config in code    pool({ ammo: users({ limit: 10 }), ... })
 * in YAML                plugins: [./users.ts]    ammo: { type: users, limit: 10 }
 * ```
 *
 * - Wrong options are an error with the stack of the call, kept in the value: using it in a pipeline fails with that error, and
 *   the check of a config lists its issues with all others, at their places.
 * - What is called in a pipeline is bound to this process and real time when it is used, unless `deps` says otherwise; in a
 *   config it is made anew for each run, with the dependencies of the run.
 *
 * @example
 * const nothing = component({
 *   kind: 'aggregator',
 *   name: 'nothing',
 *   summary: 'Drops every sample.',
 *   options: struct('nothing', {}),
 *   create: () => ignoreElements(),
 * });
 * samples.pipe(reportTo(nothing()));
 */
export function component<K extends Exclude<ComponentKind, 'operator'>, C, W, M extends ComponentKinds[K]>(
  definition: ComponentDefinition<K, C, W, M>,
): Component<K, C, W, M> {
  return makeComponent(definition);
}

/** The definition of an operator component. */
export interface OperatorDefinition<P extends OperatorPoint, C, W>
  extends Omit<ComponentDefinition<'operator', C, W, AppliedOperator<P>>, 'kind' | 'create'> {
  /** Makes the operator, once per pool and thread. */
  readonly create: (options: C, deps: Deps) => PointOperator<P>;
}

/**
 * Makes a component of an operator for one point of a pool. A config selects it by `type` (from a module under
 * `plugins`) or directly by `use: ./its-module.ts`; called in code it is the RxJS operator. The types are checked
 * against the point: an operator of ticks does not fit at samples.
 *
 * ```text
 * rps -- ticks --> zipAmmo -- shots --> shoot -- samples --> reportTo
 * ```
 *
 * - `create` is called once per pool. Its operator is applied once, or once per instance with `rps-per-instance`, so
 *   its state belongs inside the stream (`defer`, `scan`), not beside it. Applying it MUST only make a stream.
 * - Each thread runs its own operator on its share of the run: thread k of n has the ticks whose index is k, k + n, k +
 *   2n and so on. A result that depends on `index` alone is the same for any number of threads; an operator that counts
 *   or keeps state sees one share only.
 * - At `ticks` and `shots`, `mapPulled` and `filterPulled` keep demand exact. An ordinary RxJS operator works too, but its
 *   stream is pushed: each value comes when it is due, and those that find no free instance wait in a backlog of 65,536 (more
 *   end the run with `ELPIS_OVERFLOW`). At `shots` that means that ammo is taken when a shot is due, not when an instance
 *   is free. An unlimited schedule exists only by demand, so the run refuses an operator that pushes it.
 * - `at` of ticks and shots MUST NOT decrease, and indexes should stay as they are.
 * - At `samples`, discarded and unfinished operations pass too (see `outcome`). Change a copy (`sample.with({ tag })`), not the
 *   sample: results outside the pool's own chain may see the same object.
 * - An error ends the pool, after everything that was recorded is flushed. Completion ends it too, without an error.
 *
 * @param at Where it stands. The first argument, so that it decides the types in the second.
 * @example
 * export default defineOperator('ticks', {
 *   name: 'delay',
 *   summary: 'Shoots everything later.',
 *   options: struct('delay', { by: required(atLeastMs(0), 'how much later') }),
 *   create: ({ by }) => mapPulled((tick) => ({ ...tick, at: tick.at + by })),
 * });
 */
export function defineOperator<const P extends OperatorPoint, C, W>(
  at: P,
  { create, ...definition }: OperatorDefinition<P, C, W>,
): OperatorComponent<P, C, W> {
  const made = makeComponent<'operator', C, W, AppliedOperator<P>>({
    ...definition,
    kind: 'operator',
    at,
    create: (options, deps) => ({ at, operator: create(options, deps) }),
  });
  return made as OperatorComponent<P, C, W>;
}
