import { isLeft } from 'fp-ts/lib/Either.js';
import { ticks } from '../../operators/ticks/ticks.js';
import type { Flaw } from '../codec/issue.js';
import { ConfigError, drawProblems } from '../config/report/configError.js';
import { problemsOf } from '../config/report/problems.js';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import type { Deps, Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Schedule } from '../core/schedule.js';
import type { PointOperator } from '../engine/pool.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import type { Descriptor, OperatorDescriptor } from '../plugin/descriptor.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import { brokenComponent, lenient, type Recipe, recipes } from '../plugin/recipe.js';
import { isPlan } from '../plugin/userValue.js';
import { realTimeScheduler } from '../time/realTime.js';
import { seededRandom } from '../time/seededRandom.js';
import { builtins } from './builtins.js';

/**
 * The options of a component as written in code: those of the config, each optional here and checked when used. Where the
 * config takes text for a number (a duration, a size), code may too; where it takes a component, its shorthand or map.
 */
export type CodeOptions<C> = { readonly [K in keyof C]?: Loose<C[K]> };

type Loose<V> = V extends number
  ? number | string
  : V extends string | boolean
    ? V
    : V extends ConfiguredComponent<infer _Kind>
      ? string | object
      : V extends readonly (infer Item)[]
        ? readonly Loose<Item>[]
        : V extends object
          ? string | CodeOptions<V>
          : V;

function stderrLog(): Log {
  const line =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      const more = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
      process.stderr.write(`${level} ${message}${more}\n`);
    };
  return { debug: () => undefined, info: () => undefined, warn: line('warning'), error: line('error') };
}

/** The outside world for components made in code: this process, real time; warnings and errors go to stderr. */
export function defaultDeps(): Deps {
  return {
    scheduler: realTimeScheduler,
    random: seededRandom(Math.floor(realTimeScheduler.now() * 1000)),
    log: stderrLog(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    share: { index: 0, of: 1 },
  };
}

/** Makes a component from options in code. */
export type CodeComponent<K extends ComponentKind, C, M extends ComponentKinds[K] = ComponentKinds[K]> = (
  options?: CodeOptions<C>,
  deps?: Partial<Deps>,
) => M;

/**
 * Turns a component of the config into a function for code, with the same keys, defaults and checks. What it makes works on
 * its own, in a pipeline, and in `pool(...)`, where it stands for its name and options.
 *
 * @throws ConfigError with every flaw of the options.
 * @example
 * const nothing = defineComponent({
 *   kind: 'aggregator',
 *   name: 'nothing',
 *   summary: 'Drops every sample.',
 *   codec: () => struct('nothing', {}),
 *   create: () => ignoreElements(),
 * });
 * const dropAll = inCode(nothing);
 * samples.pipe(reportTo(dropAll()));
 */
export function inCode<K extends ComponentKind, C, M extends ComponentKinds[K]>(
  descriptor: Descriptor<K, C, M>,
): CodeComponent<K, C, M> {
  return (options = {}, deps = {}) => {
    const decoded = descriptor.codec(pluginCodecs(builtins())).decode(options);
    const recipe = { descriptor: descriptor as Recipe['descriptor'], options, deps };
    if (isLeft(decoded)) {
      const problems = problemsOf(decoded.left as Flaw[]);
      const drawn = drawProblems(problems, { name: `${descriptor.kind} "${descriptor.name}"` });
      const error = new ConfigError(drawn, problems);
      if (lenient.now()) return recipes.keep(brokenComponent(descriptor.kind, error) as M, recipe);
      throw error;
    }
    return recipes.keep(descriptor.create(decoded.right, { ...defaultDeps(), ...deps }), recipe);
  };
}

/**
 * Turns an operator of the config into a function for code that answers the RxJS operator.
 *
 * @example
 * const retag = operatorInCode(retagOperator);
 * samples.pipe(retag({ pattern: '[0-9]+' }));
 */
export function operatorInCode<P extends OperatorPoint, C>(
  descriptor: OperatorDescriptor<P, C>,
): (options?: CodeOptions<C>, deps?: Partial<Deps>) => PointOperator<P> {
  const make = inCode(descriptor);
  return (options, deps) => {
    const made = make(options, deps);
    const operator = made.operator as PointOperator<P>;
    const recipe = recipes.of(made);
    return recipe === undefined ? operator : recipes.keep(operator, recipe);
  };
}

/**
 * Turns a schedule of the config into a function for code that answers a stream of ticks.
 *
 * @example
 * const line = scheduleInCode(lineSchedule);
 * line({ from: 1, to: 500, duration: '60s' }).subscribe();
 */
export function scheduleInCode<C>(
  descriptor: Descriptor<'schedule', C>,
): (options?: CodeOptions<C>, deps?: Partial<Deps>) => Schedule {
  const make = inCode(descriptor);
  return (options, deps = {}) => {
    const plan = make(options, deps);
    const recipe = recipes.of(plan);
    // Wrong options in a config, which is checked as a whole.
    if (lenient.now() && recipe !== undefined && !isPlan(plan)) return plan as Schedule;
    if (!isPlan(plan)) throw new ElpisError('ELPIS_CONFIG', `schedule "${descriptor.name}" makes no plan`);
    const { scheduler, share } = deps;
    const schedule = ticks(plan, {
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(share === undefined ? {} : { share }),
    });
    return recipe === undefined ? schedule : recipes.keep(schedule, recipe);
  };
}
