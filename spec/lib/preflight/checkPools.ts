import assert from 'node:assert/strict';
import { isRight } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import type { Issue } from '../../../lib/codec/issue.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { preflight } from '../../../lib/preflight/preflight.js';
import type { SystemLimits } from '../../../lib/preflight/systemLimits.js';
import { workerPreflight } from '../../../lib/preflight/workerPart.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

/** A pool as in a config: 100 shots per second for a minute by default. */
export const pool = (fields: {
  id?: string;
  gun?: object;
  target?: string;
  instances?: number;
  startup?: object;
  rps?: object;
  more?: object;
}): object => ({
  id: fields.id ?? 'a',
  gun: { type: 'http', target: fields.target ?? '10.0.0.1:80', ...fields.gun },
  ammo: { type: 'uri', uris: ['/'] },
  result: { type: 'discard' },
  rps: fields.rps ?? { type: 'const', ops: 1000, duration: '90s' },
  startup: fields.startup ?? { type: 'once', times: fields.instances ?? 1 },
  ...fields.more,
});

export const ROOMY: SystemLimits = { openFiles: 1_000_000, ports: [32768, 60999], portsReused: 'loopback' };

export function check(pools: readonly object[], limits: SystemLimits, threads = 1, workers = 1): readonly Issue[] {
  const decoded = decodeConfig({ pools }, builtins());
  assert.ok(isRight(decoded), JSON.stringify(decoded));
  const deps = fakeDeps();
  const plans = decoded.right.pools.map(({ startup, rps }) => {
    const [instances, plan] = [startup.create(deps), rps.create(deps)];
    return { instances: isPlan(instances) ? instances : undefined, plan: isPlan(plan) ? plan : undefined };
  });
  return workers === 1
    ? preflight(decoded.right.pools, plans, limits, threads)
    : workerPreflight(decoded.right.pools, plans, limits, { workers, threads });
}
