import { atLeast, atMost, checked } from '../codec/bounds.js';
import { atLeastMs, durationText } from '../codec/duration.js';
import type { IssueReason } from '../codec/issue.js';
import { float, oneOf, text, unsigned } from '../codec/scalars.js';
import { optional, refineStruct, required, type StructOf, struct } from '../codec/struct.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import { madeInCode } from '../plugin/configured.js';
import { constant } from '../schedules/const.js';

const rate = checked(float, (n) => n > 0 && n <= 1e6, 'a rate above 0, up to 1,000,000 per second', 'min');

const keys = {
  pool: optional(text, '', 'the id of the pool whose rate is searched; not needed with one pool'),
  method: optional(
    oneOf(['bisect', 'step', 'aimd']),
    'bisect',
    'bisect: doubles the rate, then halves the interval; step: adds step until a rate fails; aimd: adds step, and cuts the rate by a quarter',
  ),
  from: required(rate, 'the first rate, in operations per second'),
  to: required(rate, 'the highest rate, in operations per second'),
  step: optional(rate, null, 'the distance of two rates for step and aimd; by default from'),
  precision: optional(
    checked(float, (n) => n >= 0.001 && n <= 0.5, 'a part from 0.001 to 0.5', 'min'),
    0.02,
    'for bisect: the half width of the result, as a part of it',
  ),
  repeats: optional(
    atMost(atLeast(unsigned, 1), 100),
    3,
    'for bisect: how often the two rates beside the result are measured; for aimd: how often the rate is cut',
  ),
  settle: optional(atLeastMs(0), 5000, 'after a change of the rate, nothing is measured for so long'),
  measure: optional(atLeastMs(1000), 20_000, 'how long a rate is measured'),
  limit: optional(atLeastMs(1000), 7_200_000, 'the longest search; then the run ends without a result'),
};

function issueOf({ from, to, settle, measure, limit }: StructOf<typeof keys>): readonly IssueReason[] {
  return [
    ...(to > from ? [] : [{ code: 'bad-value' as const, at: ['to'], expected: `a rate above from, which is ${from}` }]),
    ...(limit > settle + measure
      ? []
      : [
          {
            code: 'bad-value' as const,
            at: ['limit'],
            expected: `more than settle and measure together, ${durationText(settle + measure)}`,
          },
        ]),
  ];
}

/** The key `capacity`. */
export const capacityCodec = refineStruct(struct('capacity', keys), issueOf);

/** The key `capacity`, decoded. */
export type CapacityConfig = StructOf<typeof keys>;

/** The pools, where the one whose rate is searched plays the first rate for the longest time of a search instead of its own schedule. */
export function searchedPools<P extends { readonly id: string; readonly rps: ConfiguredComponent<'schedule'> }>(
  capacity: CapacityConfig | null,
  pools: readonly P[],
): readonly P[] {
  if (capacity === null) return pools;
  const { from, limit } = capacity;
  const index = poolIndex(capacity, pools);
  const rps = madeInCode(constant({ ops: from, duration: `${limit}ms` })) as ConfiguredComponent<'schedule'>;
  return pools.map((pool, i) => (i === index ? { ...pool, rps } : pool));
}

/** What is wrong with the pool of a search. */
export function capacityIssue({
  capacity,
  pools,
}: {
  readonly capacity: CapacityConfig | null;
  readonly pools: readonly { readonly id: string; readonly rpsPerInstance: boolean }[];
}): readonly IssueReason[] {
  if (capacity === null) return [];
  const index = poolIndex(capacity, pools);
  const ids = pools.map(({ id }, i) => `"${id || `pool_${i}`}"`).join(', ');
  if (index === undefined) {
    const expected = capacity.pool === '' ? `the id of one of the pools ${ids}` : `one of the pools ${ids}`;
    return [{ code: 'bad-value', at: ['capacity', 'pool'], expected }];
  }
  if (pools[index]?.rpsPerInstance !== true) return [];
  const hint = 'the rate of the pool is searched, not that of an instance';
  return [{ code: 'bad-value', at: ['pools', index, 'rps-per-instance'], expected: 'false with capacity', hint }];
}

/** The position of the pool of a search; undefined when there is no such pool. */
export function poolIndex({ pool }: CapacityConfig, pools: readonly { readonly id: string }[]): number | undefined {
  if (pool === '') return pools.length === 1 ? 0 : undefined;
  const index = pools.findIndex(({ id }, i) => (id || `pool_${i}`) === pool);
  return index === -1 ? undefined : index;
}
