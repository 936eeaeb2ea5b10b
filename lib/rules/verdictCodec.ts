import { atLeast, atMost } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { atLeastMs } from '../codec/duration.js';
import { float, oneOf } from '../codec/scalars.js';
import { optional, type StructOf, struct } from '../codec/struct.js';
import { DEFAULT_VERDICT, REASON_CODES, type VerdictSettings } from '../measure/verdict/limits.js';

/** When a run fails by its verdict: the values of `fail-on`. */
export const failOnCodec = oneOf(['degraded', 'invalid']);

/** The key `verdict`. */
export const verdictCodec = struct('verdict', {
  failOn: optional(
    failOnCodec,
    null,
    'the run fails when its verdict is as bad as this, or worse; by default only thresholds fail it',
  ),
  lateness: optional(
    atLeastMs(0),
    DEFAULT_VERDICT.latenessMs,
    'limit of the lateness and of the delay of the event loop at p99; 5 % of the median response time when that is more',
  ),
  notShot: optional(
    atMost(atLeast(float, 0), 100),
    DEFAULT_VERDICT.notShotPercent,
    'the share of planned operations in percent that may be missing; 100 for an overload on purpose',
  ),
  ignore: optional(listOf(oneOf(REASON_CODES)), DEFAULT_VERDICT.ignore, 'reasons that do not count, by their names'),
});

/** The settings of the verdict from the key. */
export function verdictSettings({ lateness, notShot, ignore }: StructOf<typeof verdictCodec.fields>): VerdictSettings {
  return { latenessMs: lateness, notShotPercent: notShot, ignore };
}
