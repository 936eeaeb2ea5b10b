import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { lastValueFrom, NEVER, Observable, of } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { discard, once } from '../../../lib/builtins/components.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import { defineConfig, type PoolOptions, pool } from '../../../lib/config/code/defineConfig.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import type { Polled } from '../../../lib/core/cursor.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { NetSample } from '../../../lib/protocols/netSample.js';
import { ammoFrom } from '../../../lib/providers/ammoFrom.js';
import { BaseCursor } from '../../../lib/pull/baseCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const fail = (): never => {
  throw new Error('finally failed');
};

class Stuck extends BaseCursor<string> {
  protected override draw(): Polled<string> {
    return 'a';
  }
  override close(): void {
    fail();
  }
}

/** Two ticks at once, and a teardown that throws. */
const stuckTicks = new Observable<Tick>((subscriber) => {
  for (const index of [0, 1]) subscriber.next({ index, at: 0 });
  const waiting = NEVER.subscribe(subscriber);
  return () => {
    waiting.unsubscribe();
    fail();
  };
});

/** Runs a pool to its end and returns the lines of the log. */
async function warnings(parts: (log: FakeLog) => Partial<PoolOptions>): Promise<readonly string[]> {
  const [clock, log] = [new VirtualClock(), new FakeLog()];
  const shoot = (_: unknown, shot: Shot<unknown>) => of(NetSample.of(shot).end(clock.now()));
  const gun = { create: () => ({ shoot }) };
  const options = {
    id: 'p',
    gun,
    result: discard(),
    rps: once({ times: 2 }),
    startup: once({ times: 1 }),
    ...parts(log),
  };
  const loaded = await loadConfig(defineConfig({ pools: [pool(options as PoolOptions)] }), {
    registry: builtins(),
    env: {},
  })();
  if (isLeft(loaded)) assert.fail(loaded.left.message);
  const pools = assemblePools(loaded.right.pools, fakeDeps({ scheduler: clock, log }));
  const run = lastValueFrom(runPools(pools, { scheduler: clock }));
  clock.run();
  await run;
  return log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
}

const CASES: readonly [what: string, parts: (log: FakeLog) => Partial<PoolOptions>, warning: string][] = [
  [
    'ammo whose cursor cannot be closed',
    () => ({ ammo: new Pullable(() => new Stuck()) }),
    'pool "p": an input failed while it was closed: finally failed',
  ],
  [
    'an iterable whose finally throws',
    (log) => ({
      ammo: ammoFrom(
        (function* () {
          try {
            for (;;) yield 'a';
          } finally {
            fail();
          }
        })(),
        { log },
      ),
    }),
    'ammoFrom: the iterable failed while it was closed: Error: finally failed',
  ],
  [
    'pushed ticks whose teardown throws',
    () => ({ ammo: ammoFrom(['a', 'b']), rps: stuckTicks }),
    'pool "p": an input failed while it was closed: 1 errors occurred during unsubscription:\n1) Error: finally failed',
  ],
];
for (const [what, parts, warning] of CASES)
  it(`${what}: the run completes and the log warns`, async () => assert.deepEqual(await warnings(parts), [warning]));
