import type { OverflowPolicy } from '../../../operators/firing/overflow.js';
import type { PoolConfig } from '../../config/config.js';
import type { Plan } from '../../core/plan.js';
import type { Millis } from '../../core/units.js';
import { preflight } from '../../preflight/preflight.js';
import { systemLimits } from '../../preflight/systemLimits.js';
import { ALLOW_PLUGINS, command, configArgument, flag, type Given } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { loadRun } from '../loadRun.js';
import { OVERRIDING, overridesOf } from '../overriding.js';
import { plannedPools } from '../plannedPools.js';
import type { Io } from '../terminal.js';

function when(afterMs: Millis = 0): string {
  if (afterMs === 0) return 'due';
  return afterMs % 1000 === 0 ? `overdue by ${afterMs / 1000} s` : `overdue by ${afterMs} ms`;
}

/** The handling of operations that are due while no instance is free, as a sentence. */
export function overflowText(overflow: OverflowPolicy): string {
  if (overflow.policy === 'queue') return 'every operation is shot, even when it is late';
  if (overflow.policy === 'discard') return `operations ${when(overflow.afterMs)} are discarded`;
  if (overflow.policy === 'abort') return `an operation ${when(overflow.afterMs)} without a free instance ends the run`;
  return `an operation ${when(overflow.afterMs)} without a free instance starts another, up to ${overflow.maxInstances} in all`;
}

const tokens = (plan: Plan | undefined): number =>
  plan === undefined || !Number.isFinite(plan.count) ? -1 : plan.count;

/** The output of `elpis check` for a pool: a line for each part, with its own description. */
export function poolText(
  { id, gun, ammo, rps, startup, result, overflow, operators, rpsPerInstance }: PoolConfig,
  { shots, instances }: { readonly shots: number; readonly instances: number },
): string {
  const count = (n: number, what: string): string => {
    if (n < 0) return `an unknown number of ${what}s`;
    return `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
  };
  const all = (parts: readonly { describe(): string }[]): string => parts.map((part) => part.describe()).join('; ');
  const lines: readonly (readonly [part: string, text: string])[] = [
    ['gun', gun.describe()],
    ['ammo', ammo.describe()],
    ['rps', rps.describe()],
    ['startup', startup.describe()],
    ['load', `${count(shots, 'shot')} by ${rpsPerInstance ? 'each of ' : ''}${count(instances, 'instance')}`],
    ['result', all(result)],
    ['overflow', overflowText(overflow)],
    ...Object.entries(operators).flatMap(([point, chosen]) =>
      chosen.length === 0 ? [] : [[point, all(chosen)] as const],
    ),
  ];
  return `${id}\n${lines.map(([part, text]) => `  ${part.padEnd(9)} ${text}\n`).join('')}`;
}

async function checkConfig(
  location: string | undefined,
  { json, allowPlugins, ...options }: Given<typeof OVERRIDING & typeof ALLOW_PLUGINS> & { readonly json: boolean },
  streams: Io,
): Promise<number> {
  const loaded = await loadRun(location, streams, {
    quiet: json,
    json,
    allowPlugins,
    overrides: overridesOf(options),
  });
  if (loaded === undefined) return EXIT_CODES.badUsage;
  const { config, deps, io } = loaded;
  const planned = plannedPools(config, deps).map(({ instances, played }) => ({
    instances,
    plan: 'plan' in played ? played.plan : undefined,
  }));
  const pools = config.pools.map(({ id, rpsPerInstance, discardOverflow }, i) => {
    const { instances, plan } = planned[i] as (typeof planned)[number];
    return { id, rpsPerInstance, discardOverflow, startupTokens: tokens(instances), rpsTokens: tokens(plan) };
  });
  const limits = preflight(config.pools, planned, systemLimits(), config.threads);
  if (json) {
    io.stdout.write(`${JSON.stringify({ pools, issues: [...config.warnings, ...limits] })}\n`);
    return EXIT_CODES.ok;
  }
  config.pools.forEach((pool, i) => {
    const { rpsTokens, startupTokens } = pools[i] as (typeof pools)[number];
    io.stdout.write(poolText(pool, { shots: rpsTokens, instances: startupTokens }));
  });
  // The config may be for another machine, so the limits of this one are not an error.
  for (const { message, hint } of limits) io.stdout.write(`on this machine: ${message}\n  hint      ${hint}\n`);
  io.stdout.write(`fine: ${pools.length} ${pools.length === 1 ? 'pool' : 'pools'}\n`);
  return EXIT_CODES.ok;
}

/** `elpis check`: validates a config and shows its pools. Nothing is opened or shot. */
export const checkCommand = command({
  name: 'check',
  describe: 'validate a config and show its pools',
  options: {
    config: configArgument,
    ...OVERRIDING,
    json: flag('print JSON'),
    ...ALLOW_PLUGINS,
  },
  run: ({ config, ...options }, io) => checkConfig(config, options, io),
});
