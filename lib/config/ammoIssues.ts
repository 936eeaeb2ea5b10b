import { type CodecIssue, codecIssue } from '../codec/issue.js';
import { contextOf, type Path } from '../codec/report/path.js';
import { describeError } from '../core/errorContext.js';
import type { Bytes } from '../core/units.js';
import type { AmmoFault } from '../plugin/traits.js';
import type { Config, PoolConfig } from './config.js';

/** How much of a source of ammo is checked before a run. */
const CHECKED: Bytes = 1024 * 1024;
/** After so many faults the others are counted. */
const MAX_FAULTS = 20;

function issueAt(at: Path, message: string, hint?: string): CodecIssue {
  return {
    ...codecIssue(undefined, contextOf(at, undefined), 'bad-value', 'ammo that the gun can shoot', hint),
    message,
  };
}

async function issuesOfPool({ ammo, gun }: PoolConfig, pool: number): Promise<readonly CodecIssue[]> {
  const { ammoFault } = gun.traits;
  const { first } = ammo.traits;
  if (ammoFault === undefined || first === undefined) return [];
  let faultOf: (item: unknown) => AmmoFault | undefined;
  try {
    faultOf = await ammoFault();
  } catch (error) {
    return [issueAt(['pools', pool, 'gun'], describeError(error), (error as { readonly hint?: string }).hint)];
  }
  const faults = first(CHECKED).flatMap((item) => faultOf(item) ?? []);
  const shown = faults.slice(0, MAX_FAULTS).map(({ message, hint }) => issueAt(['pools', pool, 'ammo'], message, hint));
  if (faults.length === shown.length) return shown;
  return [...shown, issueAt(['pools', pool, 'ammo'], `${faults.length - shown.length} more items cannot be shot`)];
}

/**
 * The faults of the first megabyte of ammo of each pool, for guns that find them by files alone. Ammo that only the target can judge is
 * not checked.
 */
export async function ammoIssues({ pools }: Config): Promise<readonly CodecIssue[]> {
  return (await Promise.all(pools.map(issuesOfPool))).flat();
}
