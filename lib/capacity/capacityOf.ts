import { identity, type MonoTypeOperatorFunction } from 'rxjs';
import { poolIndex } from '../config/capacityCodec.js';
import type { Config } from '../config/config.js';
import type { JudgingOptions } from '../engine/judgement.js';
import type { RunEvent } from '../engine/runEvent.js';
import type { RunHandle } from '../engine/runHandle.js';
import type { ReasonCode } from '../measure/verdict/limits.js';
import type { Threshold } from '../rules/threshold.js';
import { ThresholdFold } from '../rules/thresholdFold.js';
import { findCapacity } from './findCapacity.js';
import type { Judge } from './rateResults.js';

/** Judges a window as a whole by thresholds; their `over`, `for` and `after` are times of a run and do not count here. */
export function judgeBy(thresholds: readonly Threshold[]): Judge {
  return (window) =>
    thresholds.map(({ overMs: _over, ...threshold }) => {
      const fold = new ThresholdFold({ ...threshold, afterMs: 0 });
      fold.add([[window, { busy: 0, instances: 0 }]]);
      return fold.state();
    });
}

/** The search of a config, as an operator of the events of its run; without the key `capacity` it changes nothing. */
export function capacityOf({
  capacity,
  pools,
  judging,
}: Pick<Config, 'capacity' | 'pools' | 'judging'>): (handle: RunHandle) => MonoTypeOperatorFunction<RunEvent> {
  if (capacity === null) return () => identity;
  const { method, from, to, step, precision, repeats, settle, measure } = capacity;
  const pool = pools[poolIndex(capacity, pools) ?? 0]?.id ?? '';
  return (handle) =>
    findCapacity(
      {
        ...{ method, from, to, step: step ?? from, precision, repeats, pool, judge: judgeBy(judging.thresholds) },
        verdict: judging.verdict,
        ...{ settleMs: settle, measureMs: measure, drainMs: settle },
      },
      handle,
    );
}

/** What follows from rates above the capacity, and does not make the result wrong. */
const BY_OVERLOAD: readonly ReasonCode[] = ['not-shot', 'missed-rate'];

/**
 * The judgement of a run. In a search the thresholds judge its rates, some of which must fail, so they do not judge the run; and
 * operations that are not shot at those rates do not make it invalid.
 */
export function judgingOf({ capacity, judging }: Pick<Config, 'capacity' | 'judging'>): Required<JudgingOptions> {
  if (capacity === null) return judging;
  const { verdict } = judging;
  return { ...judging, thresholds: [], verdict: { ...verdict, ignore: [...verdict.ignore, ...BY_OVERLOAD] } };
}
