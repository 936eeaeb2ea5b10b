import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../../lib/target/target.js';
import { atTarget } from '../atTarget.js';
import type { Bench, Finished } from '../elpis.js';
import { Fleet, type FleetWorker } from './fleet.js';
import { CuttableProxy, NatsServer } from './natsServer.js';

/** The parts of a summary that these specs compare. */
interface Counted {
  readonly shots: number;
  readonly unfinished: number;
  readonly discarded: number;
  readonly lost: readonly { readonly missing: number | null; readonly taken: boolean; readonly player: string }[];
}

/** Further options of a run. */
interface More {
  readonly leaseMs?: number;
  readonly args?: readonly string[];
  /** Further keys of the config. */
  readonly config?: string;
  /** A further line of the pool. */
  readonly pool?: string;
}

/** The longest time without the coordinator, and without a worker. */
const LEASE_MS = 2000;
/** Longer than a restart takes on a busy machine. */
const LONG_MS = 20_000;
const PER_SECOND = 60;

describe('a run on several machines, when a part of it dies', () => {
  const nats = new NatsServer();
  let fleet: Fleet;
  let target: Target;
  let bench: Bench;
  before(() => nats.start());
  after(async () => {
    await fleet.stop();
    await nats.remove();
  });
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });
  beforeEach(async () => {
    fleet ??= new Fleet(nats);
    const dead = ({ child }: FleetWorker): boolean => child.exitCode !== null || child.signalCode !== null;
    for (const worker of fleet.workers.filter(dead)) fleet.forget(worker);
    while (fleet.workers.length < 3) await fleet.add();
  });

  function start(policy: 'fail' | 'continue' | 'resplit', seconds: number, more: More = {}) {
    const { leaseMs = LEASE_MS, args = [], config = '', pool = '' } = more;
    bench.write(
      'load.yaml',
      `
pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: {type: uri, uris: ["/ a", "/ b", "/ c", "/ d", "/ e"]}
    result: [{type: phout, destination: p.log, id: true, flush-time: 100ms}]
    rps: {type: const, ops: ${PER_SECOND}, duration: ${seconds}s}
    startup: {type: once, times: 24}
    ${pool}
mesh: {on-lost-worker: ${policy}, lease: ${leaseMs}ms, deadline: 25s}
${config}
`,
    );
    const options = [...nats.options('coordinator'), '--workers', '3', '--summary-json', 's.json', ...args];
    return bench.start(['load.yaml', ...options]);
  }

  /** Waits until the server has got so many requests. */
  const shot = (count: number): Promise<void> =>
    fleet.until(
      () => target.stats().total >= count,
      () => `${target.stats().total} of ${count} requests`,
    );

  function counted(): Counted {
    const { pools } = JSON.parse(bench.read('s.json')) as {
      pools: { total: { shots: number; unfinished: number; discarded: number }; lostShares?: Counted['lost'] }[];
    };
    const { total, lostShares = [] } = pools[0] ?? assert.fail('there is a pool');
    return { shots: total.shots, unfinished: total.unfinished, discarded: total.discarded, lost: lostShares };
  }

  /** The operations that were shot, by the rows of phout: no two rows are of the same. */
  function operations(): ReadonlySet<number> {
    const rows = fleet.phout().filter(([, tag]) => /^[a-e]#\d+$/.test(String(tag)));
    const ids = rows.map(([, tag]) => Number(String(tag).split('#')[1]));
    assert.equal(new Set(ids).size, ids.length, 'no operation is shot twice');
    return new Set(ids);
  }

  /** Every planned operation is counted once. */
  function assertComplete(result: Counted, planned: number): void {
    assert.equal(result.shots + result.unfinished + result.discarded, planned, JSON.stringify(result));
  }

  const all = ({ code, stdout, stderr }: Finished): string => `exit code ${code}\n${stdout}${stderr}`;

  const victim = (): FleetWorker => fleet.workers[0] ?? assert.fail('there is a worker');

  it('kill -9 of a worker, fail: the run ends with its name, and the results until then are kept', async () => {
    const { finished } = start('fail', 10);
    await shot(60);
    victim().child.kill('SIGKILL');
    const result = await finished;
    assert.equal(result.code, 1, all(result));
    assert.match(
      result.stderr,
      /share \d of 3 \(w\d+-\w+ on .+\) ended while it was running.*has sent no heartbeat for 2 s/s,
    );
    assert.ok(counted().shots >= 60, 'the summary of what was shot');
    assert.ok(operations().size >= 60, 'the rows of phout');
  });

  it('kill -9 of a worker, continue: the others go on, and the missing operations are counted', async () => {
    const { finished } = start('continue', 6);
    await shot(60);
    victim().child.kill('SIGKILL');
    const result = await finished;
    assert.equal(result.code, 0, all(result));
    const summary = counted();
    assertComplete(summary, 6 * PER_SECOND);
    assert.deepEqual(
      summary.lost.map(({ taken, missing, player }) => [taken, missing, player.replace(/-.*/, '')]),
      [[false, summary.unfinished, victim().name]],
    );
    assert.match(result.stdout, /share \d \(w\d+-\w+ on .+\) was lost: \d+ of its operations are missing/);
  });

  for (const how of ['SIGKILL', 'SIGSTOP'] as const)
    it(`${how} of a worker, resplit: the others shoot its operations, none twice`, async () => {
      const { finished } = start('resplit', 18);
      await shot(60);
      const lost = victim();
      lost.child.kill(how);
      if (how === 'SIGSTOP') {
        await delay(3 * LEASE_MS);
        lost.child.kill('SIGCONT');
      }
      const result = await finished;
      assert.equal(result.code, 0, all(result));
      const summary = counted();
      assertComplete(summary, 18 * PER_SECOND);
      const [loss] = summary.lost;
      assert.equal(loss?.taken, true, all(result));
      const shots = operations();
      const last = Array.from({ length: PER_SECOND }, (_, i) => 17 * PER_SECOND + i + 1);
      assert.deepEqual(
        last.filter((id) => !shots.has(id)),
        [],
        'all operations of the last second are shot',
      );
      if (how === 'SIGSTOP') assert.match(lost.log(), /has given this worker up|has not heard the coordinator/);
    });

  it('a cut network of a worker, continue: the worker stops by itself within the lease, and says so', async () => {
    const proxy = new CuttableProxy(nats.port);
    const port = await proxy.listen();
    await fleet.kill(victim());
    const cut = await fleet.add({ port, name: 'cut' });
    const { finished } = start('continue', 8);
    await shot(60);
    proxy.cut = true;
    await fleet.until(
      () => /has not heard the coordinator for \d\.\d s: stops the run/.test(cut.log()),
      () => cut.log(),
    );
    const result = await finished;
    proxy.close();
    await fleet.kill(cut);
    assert.equal(result.code, 0, all(result));
    const summary = counted();
    assertComplete(summary, 8 * PER_SECOND);
    assert.equal(summary.lost.length, 1);
    assert.ok(operations().size >= (8 * PER_SECOND * 2) / 3);
  });

  it('a restart of NATS: nothing is lost and nothing is shot twice', async () => {
    const { finished } = start('fail', 6, { leaseMs: LONG_MS });
    await shot(60);
    await nats.stop();
    await nats.resume();
    const result = await finished;
    assert.equal(result.code, 0, all(result));
    assert.deepEqual(counted(), { shots: 6 * PER_SECOND, unfinished: 0, discarded: 0, lost: [] });
    assert.equal(operations().size, 6 * PER_SECOND);
    assert.equal(target.stats().total, 6 * PER_SECOND);
  });

  it('event loops of the coordinator and of a share that are blocked for longer than the lease: nothing is lost', async () => {
    bench.write(
      'block.mjs',
      `import { defineOperator, struct } from 'elpis';
import { mapPulled } from 'elpis/operators';
export default defineOperator('shots', {
  name: 'block', summary: 'Blocks its thread, once.', options: struct('block', {}),
  create: () => mapPulled((shot) => {
    const end = Date.now() + (shot.index === 5 * ${PER_SECOND} ? ${2 * LEASE_MS} : 0);
    while (Date.now() < end);
    return shot;
  }),
});
`,
    );
    bench.write(
      'busy.mjs',
      `import { component, struct } from 'elpis';
import { ignoreElements, tap } from 'rxjs';
let windows = 0;
export default component({
  kind: 'observer', name: 'busy', summary: 'Blocks its thread.', options: struct('busy', {}),
  create: () => (events) => events.pipe(tap(({ type }) => {
    if (type !== 'window' || ++windows !== 2) return;
    const end = Date.now() + ${2 * LEASE_MS};
    while (Date.now() < end);
    console.error('was blocked');
  }), ignoreElements()),
});
`,
    );
    const allowing = await Promise.all([0, 1, 2].map(() => fleet.add({ args: ['--allow', 'modules'] })));
    const others = fleet.workers.filter((worker) => !allowing.includes(worker));
    await Promise.all(others.map((worker) => fleet.kill(worker)));
    const blocking = 'plugins: [./busy.mjs]\nobservers: [{type: busy}]';
    const { finished } = start('fail', 8, { config: blocking, pool: 'operators: {shots: [{use: ./block.mjs}]}' });
    const result = await finished;
    assert.equal(result.code, 0, all(result));
    assert.match(result.stderr, /was blocked/);
    const summary = counted();
    assertComplete(summary, 8 * PER_SECOND);
    // What was due while its thread was blocked is too late; the worker is not lost.
    assert.deepEqual([summary.lost, summary.unfinished], [[], 0]);
    assert.equal(target.stats().total, summary.shots);
    const shots = operations();
    const ofOthers = Array.from({ length: 8 * PER_SECOND }, (_, index) => index).filter((index) => index % 3 !== 0);
    assert.deepEqual(
      ofOthers.filter((index) => !shots.has(index + 1)),
      [],
      'the other shares shoot all of their operations',
    );
  });

  const runOf = ({ stdout, stderr }: { stdout: string; stderr: string }): string =>
    /run (\d{8}-\d{6}-[0-9a-f]{4}):/.exec(stdout + stderr)?.[1] ?? assert.fail(stdout + stderr);

  it('kill -9 of the coordinator, started again at once: the run goes on and its results are complete', async () => {
    const { child, finished } = start('fail', 6, { leaseMs: LONG_MS });
    await shot(60);
    child.kill('SIGKILL');
    const run = runOf(await finished);
    const resumed = await start('fail', 6, { leaseMs: LONG_MS, args: ['--resume', run] }).finished;
    assert.equal(resumed.code, 0, all(resumed));
    assert.deepEqual(counted(), { shots: 6 * PER_SECOND, unfinished: 0, discarded: 0, lost: [] });
    assert.equal(target.stats().total, 6 * PER_SECOND);
    assert.equal(operations().size, 6 * PER_SECOND);
  });

  it('kill -9 of the coordinator: the workers stop within the lease and say so; the results until then can be read later', async () => {
    const { child, finished } = start('fail', 30);
    await shot(60);
    child.kill('SIGKILL');
    const run = runOf(await finished);
    for (const worker of fleet.workers)
      await fleet.until(
        () => worker.log().includes(`stops the run ${run}`) && worker.log().includes(`the run ${run} has ended here`),
        worker.log,
      );
    const { total } = target.stats();
    await delay(500);
    assert.equal(target.stats().total, total, 'nothing is shot any more');
    assert.ok(total < 60 + PER_SECOND * 6, `the kill switch: ${total} requests`);
    const resumed = await start('fail', 30, { args: ['--resume', run] }).finished;
    assert.equal(resumed.code, 1, all(resumed));
    assert.match(resumed.stderr, /has not heard the coordinator for \d\.\d s, and has stopped/);
    assert.equal(counted().shots, operations().size);
    assert.equal(counted().shots, total);
  });
});
