import { identity, type MonoTypeOperatorFunction } from 'rxjs';
import { poolIndex } from '../config/capacityCodec.js';
import type { Config } from '../config/config.js';
import type { RunEvent } from '../engine/runEvent.js';
import type { RunHandle } from '../engine/runHandle.js';
import { findCapacity } from './findCapacity.js';
import type { Judge } from './rateResults.js';

/** The search of a config, as an operator of the events of its run; without the key `capacity` it changes nothing. */
export function capacityOf(
  { capacity, pools }: Pick<Config, 'capacity' | 'pools'>,
  judge: Judge,
): (handle: RunHandle) => MonoTypeOperatorFunction<RunEvent> {
  if (capacity === null) return () => identity;
  const { method, from, to, step, precision, repeats, settle, measure } = capacity;
  const pool = pools[poolIndex(capacity, pools) ?? 0]?.id ?? '';
  return (handle) =>
    findCapacity(
      {
        ...{ method, from, to, step: step ?? from, precision, repeats, pool, judge },
        ...{ settleMs: settle, measureMs: measure, drainMs: settle },
      },
      handle,
    );
}
