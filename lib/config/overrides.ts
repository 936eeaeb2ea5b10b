import { isLeft } from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { IssueSource } from '../codec/report/document.js';
import { type Path, pathText } from '../codec/report/path.js';
import { foldKey, isMap } from '../codec/struct.js';
import { describeError } from '../core/errorContext.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import { type Plan, planLeaves } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import { compositePlan } from '../plans/compositePlan.js';
import { scalePlan } from '../plans/scalePlan.js';
import { stretchPlan } from '../plans/stretchPlan.js';
import { isPlan } from '../plugin/userValue.js';
import type { Config, PoolConfig } from './config.js';

/** Values that replace values of a config for one run. Plain data, so that threads read the same config. */
export interface Overrides {
  /** `pools.0.gun.target=host:80` each: a path, and a value as YAML or JSON. A later one has priority. */
  readonly set?: readonly string[];
  /** The `target` of the gun of every pool. */
  readonly target?: string | undefined;
  /** Multiplies the rate of every pool. */
  readonly rateScale?: number | undefined;
  /** The length of the schedule of every pool, at the same rates: the number of operations changes in proportion. */
  readonly durationMs?: Millis | undefined;
}

/** One value that is replaced. */
interface Replacement {
  /** Its name in messages, such as `--set pools.0.id`. */
  readonly option: string;
  readonly path: Path;
  readonly value: unknown;
}

const usage = (option: string, what: string, hint?: string): ElpisError =>
  new ElpisError('ELPIS_USAGE', `${option}: ${what}`, { hint });

const SHAPE = 'a path and a value, such as pools.0.gun.target=localhost:80';

/** Reads `path=value`. The parser of YAML is loaded only for this. */
async function parsed(text: string): Promise<Replacement> {
  const [, key = '', value = ''] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  const path = key.split(/[.[\]]+/).filter((part) => part !== '');
  if (path.length === 0) throw usage(`--set ${text}`, `expected ${SHAPE}`);
  const option = `--set ${key}`;
  const { yamlDocument } = await import('../codec/text/yaml.js');
  const read = yamlDocument(option, value);
  if (isLeft(read)) throw usage(option, 'the value is neither YAML nor JSON', 'quote text that has special characters');
  return { option, path, value: read.right.written };
}

/** The key or index of `container` for a part of a path. Keys are compared as in a config. */
function stepInto(container: unknown, part: string, at: Path, option: string): string | number {
  if (Array.isArray(container)) {
    const index = Number(part);
    if (Number.isInteger(index) && index >= 0 && index < container.length) return index;
    const have = container.length === 1 ? 'its only item is 0' : `its items are 0 to ${container.length - 1}`;
    throw usage(option, `${pathText(at)} has no item ${part}`, container.length === 0 ? 'the list is empty' : have);
  }
  if (!isMap(container)) {
    const what = typeof container === 'object' || typeof container === 'function' ? 'made in code' : 'a single value';
    throw usage(option, `${pathText(at)} is ${what}, so it has no key ${part}`, 'replace it as a whole');
  }
  return Object.keys(container).find((key) => foldKey(key) === foldKey(part)) ?? part;
}

/**
 * A copy of `root` with one value replaced, and the path as the document spells it. Values beside the path are shared.
 */
function replaced(
  root: unknown,
  { path, value, option }: Replacement,
): { readonly root: unknown; readonly path: Path } {
  const way: (string | number)[] = [];
  const put = (container: unknown, rest: Path): unknown => {
    const [part, ...further] = rest;
    if (part === undefined) return value;
    const here = container ?? {};
    const key = stepInto(here, String(part), [...way], option);
    way.push(key);
    if (Array.isArray(here)) return here.map((item: unknown, i) => (i === key ? put(item, further) : item));
    const map = here as Readonly<Record<string, unknown>>;
    return { ...map, [key]: put(Object.hasOwn(map, key) ? map[key] : undefined, further) };
  };
  return { root: put(root, path), path: way };
}

/** The replacements of `--target`, one for every pool of the document. */
function targets(value: unknown, target: string | undefined): readonly Replacement[] {
  const pools = isMap(value) && Array.isArray(value.pools) ? value.pools : [];
  if (target === undefined) return [];
  return pools.map((_, i) => ({ option: '--target', path: ['pools', String(i), 'gun', 'target'], value: target }));
}

/** True when a document has a value at a path. */
function exists(root: unknown, path: Path): boolean {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return true;
}

const beginsWith = (path: Path, start: Path): boolean => start.every((part, i) => path[i] === part);

/**
 * The document with its values replaced, before anything is checked. An issue in a replaced value names the option of the
 * command line instead of a line.
 *
 * @returns an `ELPIS_USAGE` for a path that leads to nothing.
 */
export function overridden<D extends IssueSource>(
  document: D,
  overrides: Overrides = {},
): TE.TaskEither<ElpisError, D> {
  const { set = [], target } = overrides;
  if (set.length === 0 && target === undefined) return TE.right(document);
  return TE.tryCatch(
    async () => {
      const done: { readonly option: string; readonly path: Path }[] = [];
      let value = document.written;
      for (const one of [...targets(value, target), ...(await Promise.all(set.map(parsed)))]) {
        const { root, path } = replaced(value, one);
        value = root;
        done.unshift({ option: one.option, path });
      }
      const optionAt = (path: Path): string | undefined =>
        done.find(
          (one) => beginsWith(path, one.path) || (beginsWith(one.path, path) && !exists(document.written, path)),
        )?.option;
      return { ...document, written: value, optionAt };
    },
    (error) => (isElpisError(error) ? error : usage('--set', describeError(error))),
  );
}

/** One plan of the changed leaves of a plan. */
const eachLeaf = (plan: Plan, change: (leaf: Plan) => Plan): Plan => compositePlan(planLeaves(plan).map(change));

function rescaledPlan(plan: Plan, { rateScale, durationMs }: Overrides): Plan {
  let result = plan;
  if (rateScale !== undefined) {
    if (planLeaves(plan).some(({ unlimited }) => unlimited === true))
      throw usage(
        '--rate-scale',
        'a part of the schedule is unlimited, and has no rate',
        'change the number of instances',
      );
    result = eachLeaf(result, (leaf) => scalePlan(leaf, rateScale));
  }
  if (durationMs !== undefined) {
    if (plan.durationNs === 0) throw usage('--duration', 'the schedule is a burst, and has no duration');
    const factor = (durationMs * 1e6) / plan.durationNs;
    // First the new duration, then the old rate.
    result = eachLeaf(stretchPlan(result, factor), (leaf) =>
      leaf.unlimited === true ? leaf : scalePlan(leaf, factor),
    );
  }
  return result;
}

function rescaledPool(pool: PoolConfig, overrides: Overrides): PoolConfig {
  const { rateScale, durationMs } = overrides;
  const { rps } = pool;
  const notes = [
    ...(rateScale === undefined ? [] : [`rate x ${rateScale}`]),
    ...(durationMs === undefined ? [] : [`in ${durationMs / 1000} s`]),
  ].join(', ');
  const create: typeof rps.create = (deps) => {
    const made = rps.create(deps);
    if (isPlan(made)) return rescaledPlan(made, overrides);
    const option = rateScale === undefined ? '--duration' : '--rate-scale';
    throw usage(option, `the schedule of pool "${pool.id}" is a stream, which has no plan`, 'make it return a Plan');
  };
  const { kind, name, options, traits } = rps;
  return { ...pool, rps: { kind, name, options, traits, create, describe: () => `${rps.describe()} (${notes})` } };
}

/** The config with the rate and the duration of the schedules changed. */
export function rescaled(config: Config, overrides: Overrides = {}): Config {
  const { rateScale, durationMs } = overrides;
  if (rateScale === undefined && durationMs === undefined) return config;
  return { ...config, pools: config.pools.map((pool) => rescaledPool(pool, overrides)) };
}
