import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, map, NEVER, type Observable, of, timer } from 'rxjs';
import type { Plan } from '../../../lib/core/plan.js';
import type { Pool } from '../../../lib/engine/pool.js';
import { runPool } from '../../../lib/engine/runPool.js';
import { NetSample } from '../../../lib/protocols/netSample.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { command } from '../../../operators/ticks/command.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const START = 1000;
/** Two seconds of operations, and three instances that start in 4 s: at 0, 2 and 4 s. */
const rps = constPlan({ ops: 10, duration: 2e9 });
const staggered = constPlan({ ops: 0.5, duration: 6e9 });

interface Setup {
  readonly more?: Partial<Pool>;
  /** The schedule whose plan the pool does not know. */
  readonly without?: 'plan' | 'instances';
  readonly startup?: Plan;
  readonly latencyMs?: number;
  /** How much ammo there is before it stalls. */
  readonly ammo?: number;
  readonly paused?: boolean;
}

/** When the pool ended, since its start; undefined when it had not ended after ten minutes. */
function ended({
  more = {},
  without,
  startup = oncePlan({ times: 1 }),
  latencyMs = 1,
  ammo = 3,
  paused = false,
}: Setup) {
  const scheduler = new VirtualClock(START);
  const log = new FakeLog();
  const ammos: Observable<unknown> = concat(of(...Array.from({ length: ammo }, (_, i) => i)), NEVER);
  const pool: Pool = {
    id: 'p',
    rps: () => ticks(rps, { scheduler }),
    startup: ticks(startup, { scheduler }),
    provider: ammos,
    gunFactory: {
      create: () => ({
        shoot: (_ammo, shot) =>
          timer(latencyMs, scheduler).pipe(map(() => NetSample.of(shot).end(scheduler.now(), 200))),
      }),
    },
    aggregators: [],
    rpsPerInstance: false,
    ...(without === 'plan' ? {} : { plan: rps }),
    ...(without === 'instances' ? {} : { instances: startup }),
    ...more,
  };
  let at: number | undefined;
  const control = () => concat(of(command.pause()), NEVER);
  runPool(pool, { scheduler, log, ...(paused ? { control } : {}) }).subscribe({
    complete: () => {
      at = scheduler.now() - START;
    },
  });
  scheduler.run(START + 600_000);
  return { at, warnings: log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message) };
}

describe('the tail limit of a pool whose ammo stalls', () => {
  const own = { rpsPerInstance: true };
  const rows: readonly [sentence: string, setup: Setup, at: number | undefined][] = [
    ['is 30 s after the end of the plan', {}, 32_000],
    ['is the configured time', { more: { tailMs: 5000 } }, 7000],
    ['can be none: it waits forever', { more: { tailMs: Number.POSITIVE_INFINITY } }, undefined],
    ['begins when the last shot under way has ended', { latencyMs: 20_000, more: { tailMs: 5000 }, ammo: 1 }, 27_000],
    [
      'with a schedule per instance, counts from the end of the last schedule',
      { more: own, startup: staggered },
      38_000,
    ],
    ['is unknown without a plan', { without: 'plan' }, undefined],
    [
      'is unknown for a schedule per instance without a plan of the starts',
      { more: own, without: 'instances' },
      undefined,
    ],
    ['does not end a pool that is paused', { paused: true }, undefined],
  ];
  for (const [sentence, setup, at] of rows) it(sentence, () => assert.equal(ended(setup).at, at));

  it('is in the warning with which it ends the pool', () => {
    const { warnings } = ended({ more: { tailMs: 5000 } });
    assert.deepEqual(warnings, ['there was no ammo for 5 s (tail-limit) after the end of the plan: the pool is ended']);
  });
});
