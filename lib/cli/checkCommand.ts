import type { OverflowPolicy } from '../../operators/firing/overflow.js';
import type { PoolConfig } from '../config/config.js';
import type { Deps } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import { isPlan } from '../plugin/userValue.js';
import { preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import { EXIT_CODES } from './exitCodes.js';
import { loadRun } from './loadRun.js';
import type { Io } from './terminal.js';

function when(afterMs: Millis = 0): string {
  if (afterMs === 0) return 'due';
  return afterMs % 1000 === 0 ? `overdue by ${afterMs / 1000} s` : `overdue by ${afterMs} ms`;
}

/** What happens to operations that are due while no instance is free, as a sentence. */
export function overflowText(overflow: OverflowPolicy): string {
  if (overflow.policy === 'queue') return 'every operation is shot, however late';
  if (overflow.policy === 'discard') return `operations ${when(overflow.afterMs)} are discarded`;
  if (overflow.policy === 'abort') return `an operation ${when(overflow.afterMs)} without a free instance ends the run`;
  return `an operation ${when(overflow.afterMs)} without a free instance starts another, up to ${overflow.maxInstances} in all`;
}

/** The plan of a configured schedule; undefined when it is a stream, which has none. */
function schedulePlan(chosen: ConfiguredComponent<'schedule'>, deps: Deps): Plan | undefined {
  const made = chosen.create(deps);
  return isPlan(made) ? made : undefined;
}

const tokens = (plan: Plan | undefined): number =>
  plan === undefined || !Number.isFinite(plan.count) ? -1 : plan.count;

/** One line for each point that has operators. */
function operatorLines({ operators: { ticks, shots, samples } }: PoolConfig): string {
  return Object.entries({ ticks, shots, samples })
    .filter(([, chosen]) => chosen.length > 0)
    .map(([point, chosen]) => `  ${point.padEnd(9)} ${chosen.map(({ name }) => name).join(', ')}\n`)
    .join('');
}

/** `elpis check`: validates a config and shows the pools that it makes. Nothing is opened or shot. */
export async function checkCommand(
  location: string | undefined,
  { json = false }: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const loaded = await loadRun(location, io, { quiet: json, json });
  if (loaded === undefined) return EXIT_CODES.badUsage;
  const { config, deps } = loaded;
  const plans = config.pools.map(({ startup, rps }) => ({
    instances: schedulePlan(startup, deps),
    plan: schedulePlan(rps, deps),
  }));
  const pools = config.pools.map(({ id, rpsPerInstance, discardOverflow }, i) => {
    const { instances, plan } = plans[i] as (typeof plans)[number];
    return { id, rpsPerInstance, discardOverflow, startupTokens: tokens(instances), rpsTokens: tokens(plan) };
  });
  const limits = preflight(config.pools, plans, systemLimits(), config.threads);
  if (json) {
    io.stdout.write(`${JSON.stringify({ pools, limits })}\n`);
    return EXIT_CODES.ok;
  }
  const count = (n: number): string => (n < 0 ? 'an unknown number of' : String(n));
  config.pools.forEach((pool, i) => {
    const { rpsTokens, startupTokens } = pools[i] as (typeof pools)[number];
    const results = pool.result.map(({ name }) => name).join(', ');
    io.stdout.write(
      `${pool.id}\n` +
        `  gun       ${pool.gun.name}\n` +
        `  ammo      ${pool.ammo.name}\n` +
        `  rps       ${pool.rps.name}: ${count(rpsTokens)} shots${pool.rpsPerInstance ? ' per instance' : ''}\n` +
        `  startup   ${pool.startup.name}: ${count(startupTokens)} instances\n` +
        `  result    ${results}\n` +
        `  overflow  ${overflowText(pool.overflow)}\n` +
        operatorLines(pool),
    );
  });
  // The config may be for another machine, so the limits of this one are not an error.
  for (const { message, hint } of limits) io.stdout.write(`on this machine: ${message}\n  hint      ${hint}\n`);
  io.stdout.write(`fine: ${pools.length} ${pools.length === 1 ? 'pool' : 'pools'}\n`);
  return EXIT_CODES.ok;
}
