import { type CodecIssue, codecIssue } from '../codec/issue.js';
import { contextOf, type Path, pathText } from '../codec/report/path.js';
import { describeError } from '../core/errorContext.js';
import type { Bytes } from '../core/units.js';
import { OptionError } from '../plugin/optionError.js';
import type { AmmoFault, PeekedAmmo } from '../plugin/traits.js';
import type { Config, PoolConfig } from './config.js';

/** How much of a source of ammo is checked before a run. */
const CHECKED: Bytes = 1024 * 1024;
/** After so many faults of a pool the others are counted. */
export const MAX_FAULTS = 20;

function issueAt(at: Path, message: string, hint?: string): CodecIssue {
  return {
    ...codecIssue(undefined, contextOf(at, undefined), 'bad-value', 'ammo that the gun can shoot', hint),
    message,
  };
}

/** A fault as an issue: at its place in the source, or of the ammo of the pool. */
function faultIssue({ message, hint, path = [], part }: AmmoFault, { written }: PeekedAmmo, pool: number): CodecIssue {
  if (written !== undefined) {
    const issue = issueAt([...written.path, ...path], message, hint);
    return { ...issue, file: written.source, code: part === 'key' ? 'unknown-key' : issue.code };
  }
  return issueAt(['pools', pool, 'ammo'], path.length === 0 ? message : `${pathText(path)}: ${message}`, hint);
}

async function issuesOfPool({ ammo, gun }: PoolConfig, pool: number): Promise<readonly CodecIssue[]> {
  const { ammoFaults } = gun.traits;
  const { first } = ammo.traits;
  if (ammoFaults === undefined || first === undefined) return [];
  let faultsOf: (item: unknown) => readonly AmmoFault[];
  try {
    faultsOf = await ammoFaults();
  } catch (error) {
    const key = error instanceof OptionError ? error.key.split('.') : [];
    const { hint } = error as { readonly hint?: string };
    return [
      { ...issueAt(['pools', pool, 'gun', ...key], describeError(error), hint), expected: 'files that can be used' },
    ];
  }
  const found = first(CHECKED).flatMap((item) => faultsOf(item.ammo).map((fault) => [fault, item] as const));
  const shown = found.slice(0, MAX_FAULTS).map(([fault, item]) => faultIssue(fault, item, pool));
  if (found.length === shown.length) return shown;
  return [...shown, issueAt(['pools', pool, 'ammo'], `${found.length - shown.length} more faults of the ammo`)];
}

/**
 * The faults of the first megabyte of ammo of each pool, for guns that find them by files alone. Ammo that only the target can judge is
 * not checked.
 */
export async function ammoIssues({ pools }: Config): Promise<readonly CodecIssue[]> {
  return (await Promise.all(pools.map(issuesOfPool))).flat();
}
