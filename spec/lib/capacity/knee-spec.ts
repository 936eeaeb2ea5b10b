import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Observable, tap } from 'rxjs';
import { findCapacity } from '../../../lib/capacity/findCapacity.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import type { RunHandle } from '../../../lib/engine/runHandle.js';
import type { CapacityState } from '../../../lib/measure/capacityState.js';
import { valueAtPercentile } from '../../../lib/measure/histogram.js';
import type { Window } from '../../../lib/measure/window.js';
import {
  exponentialLatency,
  logNormalLatency,
  queueModel,
  seededRandom,
  type TargetModel,
  virtualRun,
} from '../../../lib/testing/index.js';

const LIMIT_MS = 100;

/** p99(response) < 100ms. */
function judge({ total }: Window) {
  const value = valueAtPercentile(total.response, 99);
  const passes = value < LIMIT_MS;
  return [
    {
      ...{ condition: 'p99(response) < 100ms', otherwise: 'warn' as const, violated: !passes, value, limit: LIMIT_MS },
      ...{ unit: 'ms' as const, margin: (LIMIT_MS - value) / LIMIT_MS },
      status: passes ? ('passes' as const) : ('fails' as const),
    },
  ];
}

/** The end of a search for the capacity of a model. */
async function searched(
  target: TargetModel,
  seed: number,
  method: 'bisect' | 'step' | 'aimd' = 'bisect',
): Promise<CapacityState> {
  let last: CapacityState | undefined;
  const options = {
    ...{ pool: 'a', method, from: 80, to: 5000, step: 10, precision: 0.02, repeats: 3 },
    ...{ settleMs: 4000, measureMs: 45_000, drainMs: 1000, judge },
  };
  const through = (handle: RunHandle) => (events: Observable<RunEvent>) =>
    events.pipe(
      findCapacity(options, handle),
      tap((event) => {
        if (event.type === 'capacity') last = event.state;
      }),
    );
  const pool = {
    ...{ id: 'a', gun: { type: 'http', target: 'localhost:80' }, ammo: { type: 'uri', uris: ['/'] } },
    ...{ result: { type: 'discard' }, rps: { type: 'const', ops: 80, duration: '2h' } },
    ...{ startup: { type: 'once', times: 2000 }, overflow: 'queue' },
  };
  await virtualRun({ pools: [pool] }, { target, seed, steerable: true, through });
  return last as CapacityState;
}

/** The seeds of one spec; five specs together have 50. A spec has a limit of time, also on a busy machine. */
const SEEDS = 10;

/** The largest error of the searches of one spec, as a part of the knee. */
async function worstError(target: TargetModel, knee: number, spec: number): Promise<number> {
  let worst = 0;
  for (let seed = spec * SEEDS + 1; seed <= (spec + 1) * SEEDS; seed++) {
    const { estimate, text } = await searched(target, seed);
    assert.ok(estimate !== null, text);
    worst = Math.max(worst, Math.abs(estimate.perSecond / knee - 1));
  }
  return worst;
}

/** The p99 of the response time of k servers with arrivals at equal distances: Kiefer and Wolfowitz, step by step. */
function simulatedP99(perSecond: number, servers: number, serviceMs: () => number): number {
  const free = new Array<number>(servers).fill(0);
  const responses = new Float64Array(200_000);
  for (let i = 0; i < responses.length; i++) {
    const now = (i * 1000) / perSecond;
    const first = free.indexOf(Math.min(...free));
    const ends = Math.max(now, free[first] as number) + serviceMs();
    free[first] = ends;
    responses[i] = ends - now;
  }
  return responses.sort()[Math.ceil(0.99 * responses.length) - 1] as number;
}

/**
 * The response time of GI/M/1 is exponential with rate mu (1 - sigma), where sigma = exp(-mu (1 - sigma) / lambda) for arrivals at equal
 * distances. p99 = ln 100 / (mu (1 - sigma)) is the limit; solved for lambda. L. Kleinrock, Queueing Systems I, 6.4.
 */
function exactKnee(): number {
  const mu = 200;
  const decay = Math.log(100) / (LIMIT_MS / 1000);
  return -decay / Math.log(1 - decay / mu);
}

/** The rate at which D/G/4 with log-normal service has a p99 of the limit. */
function simulatedKnee(): number {
  const random = seededRandom(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const sigma = Math.log(80 / 20) / 2.3263478740408408;
  const service = (): number => 20 * Math.exp(sigma * normal());
  let [low, high] = [100, 200];
  while (high / low > 1.002) {
    const middle = (low + high) / 2;
    if (simulatedP99(middle, 4, service) < LIMIT_MS) low = middle;
    else high = middle;
  }
  return low;
}

describe('findCapacity, against targets with a known knee', () => {
  const single = queueModel({ servers: 1, service: exponentialLatency(5), limit: 5000 });
  const four = queueModel({ servers: 4, service: logNormalLatency({ medianMs: 20, p99Ms: 80 }), limit: 5000 });
  let simulated: number | undefined;
  const knees: readonly (readonly [name: string, target: TargetModel, knee: () => number])[] = [
    ['the exact knee of D/M/1', single, exactKnee],
    [
      'the simulated knee of D/G/4',
      four,
      () => {
        simulated ??= simulatedKnee();
        return simulated;
      },
    ],
  ];
  for (const [name, target, knee] of knees)
    for (let spec = 0; spec < 5; spec++)
      it(`is within 5 % of ${name} for the seeds ${spec * SEEDS + 1} to ${(spec + 1) * SEEDS}`, async () => {
        const worst = await worstError(target, knee(), spec);
        assert.ok(worst < 0.05, `worst error ${(100 * worst).toFixed(1)} %`);
      });
});
