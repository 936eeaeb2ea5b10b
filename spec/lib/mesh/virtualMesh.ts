import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { SchedulerLike } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { struct } from '../../../lib/codec/struct.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import type { Config } from '../../../lib/config/config.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { defined } from '../../../lib/core/defined.js';
import { WHOLE } from '../../../lib/core/deps.js';
import { Permissions } from '../../../lib/mesh/bundle/permissions.js';
import { type MeshRun, runMesh } from '../../../lib/mesh/coordinator/runMesh.js';
import { type MeshWorkerOptions, workMesh } from '../../../lib/mesh/worker/meshWorker.js';
import { indexedRandom } from '../../../lib/plans/chance.js';
import { component } from '../../../lib/plugin/component.js';
import type { Registry } from '../../../lib/plugin/registry.js';
import { isHttpAmmo } from '../../../lib/protocols/http.js';
import { memoryLinks } from '../../../lib/shares/link.js';
import { loadOrigin } from '../../../lib/shares/loadOrigin.js';
import { playShare } from '../../../lib/shares/playShare.js';
import type { FromShare, ShareLink, ToShare } from '../../../lib/shares/protocol.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import type { SharedClock } from '../../../lib/time/sharedClock.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { turn } from '../shares/play.js';
import { PlayedRun } from '../shares/playedRun.js';
import { MemoryBus, MemoryServer } from './memoryBus.js';

/** A shot of any share. */
export interface RecordedShot {
  readonly pool: string;
  readonly index: number;
  readonly at: number;
  readonly ammo: string;
  /** A random value by the index. */
  readonly value: number;
  /** The path and the query of its request. */
  readonly target: string;
}

/** How a spec plays a run on several machines. */
export interface VirtualMeshOptions {
  /** The difference of the clock of each worker from that of the coordinator, in milliseconds. */
  readonly clocks: readonly number[];
  readonly threads?: number;
  readonly config?: string;
  readonly mesh?: Partial<MeshRun>;
  readonly version?: (worker: number) => string;
  readonly allow?: readonly string[];
  readonly preflight?: (worker: number) => MeshWorkerOptions['preflight'];
  /** How long a message takes. Default 3 ms. */
  readonly delayMs?: number;
}

const CONFIG = `
pools:
  - id: p
    gun: {type: recorded}
    ammo: {type: uri, uris: ["/ a", "/ b", "/ c", "/ d", "/ e"]}
    result: {type: discard}
    rps: [{type: line, from: 10, to: 200, duration: 1s}, {type: once, times: 7}]
    startup: {type: once, times: 24}
    operators: {ticks: [{type: poisson}]}
  - id: q
    gun: {type: recorded}
    ammo: {type: uri, uris: ["/ x", "/ y", "/ z"], passes: 5}
    result: {type: discard}
    rps: {type: const, ops: 50, duration: 10s}
    startup: {type: once, times: 8}
`;

/** True while the process reads or writes files, or resolves an import, which another thread does. */
const usesFiles = (): boolean =>
  process.getActiveResourcesInfo().some((name) => /^(?:FSReq|CloseReq|MessagePort)/.test(name));

/**
 * Waits until nothing is left to do at this moment of virtual time. Files take real time, for which virtual time waits: otherwise a
 * deadline passes on a busy machine before a config is read.
 */
async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 4; quiet++) {
    await turn();
    if (usesFiles()) quiet = -1;
  }
}

/** A config of 600 operations in 30 s. */
export const LONG = `
pools:
  - id: p
    gun: {type: recorded}
    ammo: {type: uri, uris: ["/ a", "/ b", "/ c"]}
    result: {type: discard}
    rps: {type: const, ops: 20, duration: 30s}
    startup: {type: once, times: 24}
`;

/** The rows of users.csv, in the folder of each run. */
export const USERS: readonly string[] = Array.from({ length: 41 }, (_, i) => `user${i}`);

/** A coordinator and workers in memory and in virtual time; their messages pass the journal as between machines. */
export class VirtualMesh extends PlayedRun {
  readonly clock = new VirtualClock(1_000_000);
  readonly server = new MemoryServer();
  readonly folder = mkdtempSync(join(tmpdir(), 'elpis-mesh-'));
  readonly shots: RecordedShot[] = [];
  readonly buses: MemoryBus[] = [];
  readonly log = new FakeLog();
  readonly logs: FakeLog[] = [];
  readonly endings: (() => void)[] = [];
  /** Added to the clocks of the workers. */
  readonly jumps: number[] = [];
  /** Why workers have ended by themselves. */
  readonly failures: unknown[] = [];
  coordinatorBus: MemoryBus | undefined;

  constructor(private readonly options: VirtualMeshOptions) {
    super();
    writeFileSync(join(this.folder, 'load.yaml'), options.config ?? CONFIG);
    writeFileSync(join(this.folder, 'a.uri'), '/ a\n/ b\n/ c\n/ d\n/ e\n');
    writeFileSync(join(this.folder, 'users.csv'), `name\n${USERS.join('\n')}\n`);
    for (const [i, skewMs] of options.clocks.entries()) this.#work(i, skewMs);
  }

  /** The same clock, with a difference. */
  #skewed(worker: number, skewMs: number): SchedulerLike {
    const { clock, jumps } = this;
    return { now: () => clock.now() + skewMs + (jumps[worker] ?? 0), schedule: clock.schedule.bind(clock) };
  }

  registry(scheduler: SchedulerLike): Registry {
    const recorded = component({
      kind: 'gun',
      name: 'recorded',
      summary: 'Records its shots.',
      options: struct('recorded', {}),
      create: (_config, { random }) => {
        const valueAt = indexedRandom(Math.floor(random() * 2 ** 32));
        return new FakeGunFactory({
          scheduler,
          latencyMs: ({ index }) => 20 + (index % 7) * 30,
          onShoot: (ammo, { index, at }) => {
            if (!isHttpAmmo(ammo)) throw new Error('ammo of a uri file is a request');
            const { id, tag, request } = ammo;
            const pool = /^[xyz]/.test(tag) ? 'q' : 'p';
            this.shots.push({ pool, index, at, ammo: `${id} ${tag}`, value: valueAt(index), target: request.target });
          },
        });
      },
    });
    return builtins().register(recorded);
  }

  #startShare(clock: SharedClock, skewed: SchedulerLike): ShareLink {
    const [here, there] = memoryLinks<FromShare, ToShare>();
    const scheduler: SchedulerLike = {
      now: clock.now,
      schedule: skewed.schedule.bind(skewed),
    };
    const { stdout, stderr } = fakeDeps();
    playShare(there, {
      deps: { scheduler, stdin: Readable.from([]), stdout, stderr },
      registry: this.registry(scheduler),
      load: async (origin, registry) => {
        const loaded = await loadOrigin({ ...origin, cwd: this.folder }, registry, { env: {} })();
        if (isLeft(loaded)) throw loaded.left;
        return loaded.right;
      },
    }).subscribe();
    return here;
  }

  #work(i: number, skewMs: number): void {
    const scheduler = this.#skewed(i, skewMs);
    const bus = new MemoryBus(this.server, scheduler, { delayMs: this.options.delayMs ?? 3 });
    const log = new FakeLog();
    this.buses.push(bus);
    this.logs.push(log);
    const working = workMesh({
      ...{ bus, log, group: 'g', worker: `w${i}`, host: `host${i}`, cpus: 1 },
      version: this.options.version?.(i) ?? '1.0.0',
      permissions: new Permissions(this.options.allow ?? []),
      folder: join(this.folder, `runs-of-${i}`),
      registry: () => this.registry(scheduler),
      deps: { ...fakeDeps({ scheduler }), log },
      startShare: (clock) => this.#startShare(clock, scheduler),
      ...defined({ preflight: this.options.preflight?.(i) }),
      env: {},
      cpuTimeMs: () => scheduler.now() / 4,
      chdir: () => undefined,
    }).subscribe({ error: (error: unknown) => this.failures.push(error) });
    this.endings.push(() => working.unsubscribe());
  }

  async config(): Promise<Config> {
    const registry = this.registry(this.clock);
    const loaded = await loadConfig('load.yaml', { registry, env: {}, cwd: this.folder })();
    return isLeft(loaded) ? assert.fail(loaded.left.message) : loaded.right;
  }

  /** Starts the coordinator. Returns a function that ends it as kill -9 does. */
  async coordinate(mesh: Partial<MeshRun> = {}): Promise<() => void> {
    const config = await this.config();
    const bus = new MemoryBus(this.server, this.clock, { delayMs: this.options.delayMs ?? 3 });
    this.coordinatorBus = bus;
    const { cwd: _cwd, ...source } = { cwd: undefined, location: 'load.yaml' };
    const subscription = runMesh({
      config,
      origin: source,
      threads: this.options.threads ?? 1,
      pools: config.pools.map(({ id }) => id),
      announced: assemblePools(config.pools, fakeDeps({ scheduler: this.clock })),
      deps: { ...fakeDeps({ scheduler: this.clock, random: seededRandom(7) }), log: this.log, share: WHOLE },
      seed: 7,
      mesh: {
        ...{ connect: async () => bus, group: 'g', version: '1.0.0', cwd: this.folder, files: [] },
        ...{ workers: this.options.clocks.length, minWorkers: this.options.clocks.length },
        ...{ deadlineMs: 10_000, leaseMs: 5000, onLostWorker: 'fail' },
        ...this.options.mesh,
        ...mesh,
      },
    }).subscribe(this.observer);
    return () => {
      bus.cut = true;
      subscription.unsubscribe();
    };
  }

  async pass(ms: number, until = (): boolean => false): Promise<this> {
    const end = this.clock.now() + ms;
    while (!until() && this.clock.now() < end) {
      this.clock.advance(5);
      await settled();
    }
    return this;
  }

  async toTheEnd(): Promise<this> {
    await this.pass(120_000, () => this.ended !== undefined);
    assert.notEqual(this.ended, undefined, 'it ends');
    return this;
  }

  /** The shots in order, with their moments since the first of their pool. */
  get union(): readonly (readonly [string, number, number, string, number])[] {
    const sorted = [...this.shots].sort((a, b) => a.pool.localeCompare(b.pool) || a.index - b.index);
    const first = Math.min(...this.shots.map(({ at }) => at));
    return sorted.map(({ pool, index, at, ammo, value }) => [
      pool,
      index,
      Number((at - first).toFixed(3)),
      ammo,
      value,
    ]);
  }

  end(): void {
    for (const end of this.endings) end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
