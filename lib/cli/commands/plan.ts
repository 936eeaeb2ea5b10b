import { unsigned } from '../../codec/scalars.js';
import type { PoolConfig } from '../../config/config.js';
import { defined } from '../../core/defined.js';
import { type Plan, planLeaves } from '../../core/plan.js';
import type { Millis } from '../../core/units.js';
import { peakRate, planRates, rateChart } from '../../report/rateChart.js';
import { ALLOW_PLUGINS, command, configArgument, flag, type Given, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { loadRun } from '../loadRun.js';
import { OVERRIDING, overridesOf } from '../overriding.js';
import { plannedPools } from '../plannedPools.js';
import { type Io, writeAll } from '../terminal.js';

/** One planned operation: its number and its time from the start of the plan. */
export interface PlannedTick {
  readonly index: number;
  readonly offsetMs: Millis;
}

/**
 * The first `limit` operations of a plan. Operations after the start of an unlimited part have no planned time, so
 * the list stops there.
 */
function* planTicks(plan: Plan, limit: number): Generator<PlannedTick> {
  const parts = planLeaves(plan);
  let index = 0;
  let startNs = 0;
  for (const part of parts) {
    if (!Number.isFinite(part.count)) return;
    for (let i = 0; i < part.count; i++) {
      if (index >= limit) return;
      yield { index: index++, offsetMs: (startNs + part.atNs(i)) / 1e6 };
    }
    startNs += part.durationNs;
  }
}

const CHART_WIDTH = 60;

const known = (value: number): number => (Number.isFinite(value) ? value : -1);

/** The plan of a pool and its name; `unknown` is the reason that there is no plan. */
type ShownPlan = Pick<PoolConfig, 'id' | 'rpsPerInstance'> & {
  readonly plan?: Plan;
  readonly unknown?: string;
  /** How many requests that many shots send, when a shot is a scenario. */
  readonly requestsIn?: ((shots: number) => number) | undefined;
};

function numbers({ id, plan, unknown, requestsIn }: ShownPlan) {
  return {
    id,
    shots: plan === undefined ? -1 : known(plan.count),
    durationMs: plan === undefined ? -1 : plan.durationNs / 1e6,
    peakPerSecond: plan === undefined ? -1 : known(peakRate(plan)),
    ...(requestsIn === undefined ? {} : { requests: plan === undefined ? -1 : known(requestsIn(plan.count)) }),
    ...defined({ unknown }),
  };
}

function describe(pool: ShownPlan, schedule: string): string {
  const { id, plan, rpsPerInstance, unknown } = pool;
  const title = `${id}${rpsPerInstance ? ' (each instance)' : ''}\n`;
  if (plan === undefined) return `${title}  rps       ${schedule}\n  shots     unknown: ${unknown}\n`;
  const { shots, requests, durationMs, peakPerSecond } = numbers(pool);
  const figure = (value: number, unit: string): string =>
    value < 0 ? 'unknown' : `${Number(value.toPrecision(6))}${unit}`;
  const rates = [{ label: 'planned', perSecond: planRates(plan, CHART_WIDTH) }];
  const chart = rateChart(rates, { durationMs, width: CHART_WIDTH });
  return (
    `${title}  rps       ${schedule}\n` +
    `  shots     ${figure(shots, '')}\n` +
    (requests === undefined ? '' : `  requests  ${figure(requests, '')}, when no scenario fails\n`) +
    `  duration  ${figure(durationMs / 1000, ' s')}\n` +
    `  peak      ${figure(peakPerSecond, '/s')}\n` +
    (chart === '' ? '' : `\n${chart}\n`)
  );
}

async function showPlans(
  location: string | undefined,
  {
    json,
    ticks,
    allowPlugins,
    ...options
  }: Given<typeof OVERRIDING & typeof ALLOW_PLUGINS> & {
    readonly json: boolean;
    readonly ticks: number | undefined;
  },
  streams: Io,
): Promise<number> {
  const loaded = await loadRun(location, streams, {
    quiet: json || ticks !== undefined,
    allowPlugins,
    overrides: overridesOf(options),
  });
  if (loaded === undefined) return EXIT_CODES.badUsage;
  const { config, deps, io } = loaded;
  const plans = plannedPools(config, deps).map(
    ({ config: { id, rpsPerInstance, ammo }, played }): ShownPlan => ({
      ...{ id, rpsPerInstance, requestsIn: ammo.traits.requestsIn },
      ...played,
    }),
  );
  if (ticks !== undefined) {
    for (const { id, unknown } of plans)
      if (unknown !== undefined) io.stderr.write(`pool "${id}" is not listed: ${unknown}\n`);
    function* lines(limit: number): Generator<string> {
      for (const { id, plan } of plans) {
        if (plan === undefined) continue;
        for (const tick of planTicks(plan, limit)) yield `${JSON.stringify({ pool: id, ...tick })}\n`;
      }
    }
    await writeAll(io.stdout, lines(ticks));
  } else if (json) {
    io.stdout.write(`${JSON.stringify({ pools: plans.map(numbers) })}\n`);
  } else {
    io.stdout.write(`${plans.map((pool, i) => describe(pool, config.pools[i]?.rps.describe() ?? '')).join('\n')}\n`);
  }
  return EXIT_CODES.ok;
}

/** `elpis plan`: shows the planned times of the shots. `-1` in JSON means unknown. Nothing is opened or shot. */
export const planCommand = command({
  name: 'plan',
  describe: 'show when shots would happen, without shooting',
  options: {
    config: configArgument,
    ...OVERRIDING,
    json: flag('print JSON'),
    ticks: value('n', unsigned, 'print the first n operations of each pool as JSON lines'),
    ...ALLOW_PLUGINS,
  },
  run: ({ config, ...options }, io) => showPlans(config, options, io),
});
