import type { Plan } from '../core/plan.js';
import { preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import type { PoolConfig } from '../config/poolConfig.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { loadRun } from './loadRun.js';
import { overflowText } from './overflowText.js';
import { schedulePlan } from './schedulePlan.js';

const tokens = (plan: Plan | undefined): number =>
  plan === undefined || !Number.isFinite(plan.count) ? -1 : plan.count;

/** One line for each point at which operators stand. */
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
  // The config may be meant for another machine, so its limits here are no verdict.
  for (const { message, hint } of limits) io.stdout.write(`on this machine: ${message}\n  hint      ${hint}\n`);
  io.stdout.write(`fine: ${pools.length} ${pools.length === 1 ? 'pool' : 'pools'}\n`);
  return EXIT_CODES.ok;
}
