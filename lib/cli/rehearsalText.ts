import type { Millis } from '../core/units.js';
import type { SummarySnapshot } from '../measure/summary.js';
import type { Rehearsal, RehearsedPool } from '../rehearsal/rehearsal.js';
import { formatCount, formatLength } from '../report/format.js';
import { rateChart } from '../report/rateChart.js';

/** The results of a pool that starts an instance for every operation that would otherwise wait. */
export type InstanceNeed = Pick<RehearsedPool, 'pool' | 'instancesNeeded' | 'overflowFrom'>;

/** Options of {@link rehearsalText}. */
export interface RehearsalTextOptions {
  readonly target: string;
  readonly seed: number;
  readonly width: number;
}

const at = (ms: Millis | null): string => (ms === null ? '-' : formatLength(ms));

function scheduleLine(planned: number | null | undefined, { total }: SummarySnapshot): string {
  const shot = formatCount(total.started);
  if (planned === null || planned === undefined) return `${shot} operations started; their planned number is unknown`;
  const all = total.started >= planned;
  return `${all ? 'all' : `${shot} of`} ${formatCount(planned)} planned operations started${all ? '' : `, ${formatCount(planned - total.started)} were not`}`;
}

function instancesLine(pool: RehearsedPool, need: InstanceNeed | undefined): string {
  const busy = `${formatCount(pool.instancesNeeded)} of ${formatCount(pool.instancesStarted)} were busy at once`;
  if (pool.overflowFrom === null) return `${busy}, first at ${at(pool.instancesNeededAt)}`;
  if (need === undefined) return `${busy}: more are needed`;
  const needed = formatCount(need.instancesNeeded);
  return need.overflowFrom === null
    ? `${busy}: ${needed} are needed so that no operation waits`
    : `${busy}, and ${needed} would not be enough: the target is slower than the schedule`;
}

function ammoLine({ ammoExhaustedAt }: RehearsedPool, planned: number | null | undefined, started: number): string {
  if (ammoExhaustedAt === null) return 'enough for the whole run';
  const short = planned === null || planned === undefined || started < planned;
  return short
    ? `runs out too early, at ${at(ammoExhaustedAt)}`
    : `runs out with the last operation, at ${at(ammoExhaustedAt)}`;
}

function overflowLine({ overflowFrom, discardsFrom }: RehearsedPool): string {
  if (overflowFrom === null) return 'none: no operation waits for an instance';
  const waits = `operations wait for an instance from ${at(overflowFrom)} on`;
  return discardsFrom === null ? waits : `${waits}, and are discarded from ${at(discardsFrom)} on`;
}

/** The largest number of listed tags. */
const MAX_TAGS = 8;

function responsesText({ withoutResponse }: RehearsedPool): string {
  if (withoutResponse.length === 0) return '';
  const listed = withoutResponse.slice(0, MAX_TAGS).join(', ');
  const more = withoutResponse.length - MAX_TAGS;
  return `  responses  none are defined for ${listed}${more > 0 ? ` and ${more} more` : ''}: checks and extractors get an empty body\n`;
}

function poolText(
  pool: RehearsedPool,
  summary: SummarySnapshot,
  need: InstanceNeed | undefined,
  width: number,
): string {
  const { slotMs, planned, started, finished } = pool.rates;
  const count = summary.planned?.count;
  const chart = rateChart(
    [
      ...(planned === null ? [] : [{ label: 'planned', perSecond: planned }]),
      { label: 'started', perSecond: started },
      { label: 'finished', perSecond: finished },
    ],
    { durationMs: slotMs * started.length, width },
  );
  return (
    `${pool.pool}\n` +
    `  schedule   ${scheduleLine(count, summary)}\n` +
    `  instances  ${instancesLine(pool, need)}\n` +
    `  ammo       ${ammoLine(pool, count, summary.total.started)}\n` +
    `  overflow   ${overflowLine(pool)}\n` +
    responsesText(pool) +
    (chart === '' ? '' : `\n${chart}\n`)
  );
}

/**
 * The text of a rehearsal besides the summary of the run: per pool the results of the schedule, the instances and the
 * ammo.
 */
export function rehearsalText(
  rehearsal: Rehearsal,
  needs: readonly InstanceNeed[],
  options: RehearsalTextOptions,
): string {
  const { target, seed, width } = options;
  const head = `Rehearsal: ${formatLength(rehearsal.durationMs)} of virtual time against ${target}, seed ${seed}\n`;
  const pools = rehearsal.pools.flatMap((pool) => {
    const summary = rehearsal.summaries.find((candidate) => candidate.pool === pool.pool);
    const need = needs.find((candidate) => candidate.pool === pool.pool);
    return summary === undefined ? [] : [poolText(pool, summary, need, width)];
  });
  return `${[head, ...pools].join('\n')}`;
}
