import { closest } from '../codec/closest.js';
import { type CodecIssue, codecIssue } from '../codec/issue.js';
import { contextOf } from '../codec/report/path.js';
import type { Bytes } from '../core/units.js';
import type { Threshold } from '../rules/threshold.js';
import type { PoolConfig } from './config.js';

/** How much of the ammo is read to know its tags. */
const READ: Bytes = 64 * 1024;

/** A name in a threshold that nothing of the run has. */
export interface ThresholdIssue {
  /** The position of the threshold. */
  readonly index: number;
  readonly name: string;
  readonly expected: string;
  readonly hint: string | undefined;
}

/** The names of one kind that the pools have. */
interface Names {
  readonly known: readonly string[];
  /** True when there can be no others. */
  readonly whole: boolean;
}

const UNKNOWN: Names = { known: [], whole: false };

const joined = (names: readonly Names[]): Names => ({
  known: [...new Set(names.flatMap(({ known }) => known))],
  whole: names.length > 0 && names.every(({ whole }) => whole),
});

/** The scenarios of a pool, when they are known from its ammo. Ammo with tags of its own plays none. */
function scenariosOf({ ammo: { traits } }: PoolConfig): Names {
  const { scenarios = traits.tags === undefined ? undefined : [] } = traits;
  return scenarios === undefined ? UNKNOWN : { known: scenarios, whole: true };
}

/** The tags of a pool, when a small source of ammo decides them: no operator and no gun changes them. */
function tagsOf({ ammo, gun, operators }: PoolConfig): Names {
  if (operators.shots.length > 0 || operators.samples.length > 0 || gun.traits.retags !== false) return UNKNOWN;
  const known = ammo.traits.tags?.(READ);
  // An operation that was not shot has a tag of its own.
  return known === undefined ? UNKNOWN : { known: [...known, 'discarded'], whole: true };
}

function issueOf(index: number, kind: string, name: string, { known, whole }: Names): ThresholdIssue[] {
  if (!whole || known.includes(name)) return [];
  const near = closest(name, known);
  const have = known.length === 0 ? `there is no ${kind}` : `${kind}s are ${known.slice(0, 10).join(', ')}`;
  const hint = near === undefined ? have : `did you mean ${near}?`;
  return [{ index, name, expected: `a ${kind} of the run`, hint }];
}

/**
 * The pools, scenarios and tags that thresholds name and that cannot appear in a run. Tags are known only where a small source of ammo
 * decides them; other names are judged at the end of the run.
 */
export function thresholdIssues(
  thresholds: readonly Threshold[],
  pools: readonly PoolConfig[],
): readonly ThresholdIssue[] {
  const ids: Names = { known: pools.map(({ id }) => id), whole: true };
  return thresholds.flatMap(({ pool, scope }, index) => {
    const wrongPool = pool === undefined ? [] : issueOf(index, 'pool', pool, ids);
    if (scope === undefined || wrongPool.length > 0) return wrongPool;
    const judged = pool === undefined ? pools : pools.filter(({ id }) => id === pool);
    if (scope.kind === 'scenario') return issueOf(index, 'scenario', scope.name, joined(judged.map(scenariosOf)));
    return scope.kind === 'tag' ? issueOf(index, 'tag', scope.name, joined(judged.map(tagsOf))) : [];
  });
}

/** The same for the thresholds of a config, as issues at their places. `written` is the value of the key. */
export function thresholdIssuesIn(
  written: unknown,
  thresholds: readonly Threshold[],
  pools: readonly PoolConfig[],
): readonly CodecIssue[] {
  return thresholdIssues(thresholds, pools).map(({ index, name, expected, hint }) => {
    const own: unknown = Array.isArray(written) ? written[index] : written;
    const at = Array.isArray(written) ? ['thresholds', index] : ['thresholds'];
    const issue = codecIssue(own, contextOf(at, own), 'bad-value', expected, hint);
    return { ...issue, message: `expected ${expected}, got ${JSON.stringify(name)}` };
  });
}
