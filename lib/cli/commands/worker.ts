import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { firstValueFrom, merge } from 'rxjs';
import { nonEmpty } from '../../codec/scalars.js';
import { assemblePools } from '../../config/assemblePools.js';
import type { Config } from '../../config/config.js';
import { version } from '../../config/version.js';
import type { Deps } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import { ALLOW_FORMS, Permissions } from '../../mesh/bundle/permissions.js';
import { natsBus } from '../../mesh/nats/natsBus.js';
import { newWorkerId } from '../../mesh/subjects.js';
import { workMesh } from '../../mesh/worker/meshWorker.js';
import { ensureRoom } from '../../preflight/preflight.js';
import { systemLimits } from '../../preflight/systemLimits.js';
import { type WorkerParts, workerPreflight } from '../../preflight/workerPart.js';
import { anySeed } from '../../time/seededRandom.js';
import { command, list, value } from '../command.js';
import { createLog } from '../createLog.js';
import { EXIT_CODES } from '../exitCodes.js';
import { realDeps } from '../loadRun.js';
import { CONNECTING, natsOptions } from '../meshOptions.js';
import { signals } from '../signals.js';

/** The warnings about the limits of this machine. Throws for a limit that the part of a run exceeds. */
function checkRoom(config: Config, parts: WorkerParts, deps: Deps): readonly string[] {
  const warnings: string[] = [];
  const log = { ...deps.log, warn: (message: string) => warnings.push(message) };
  ensureRoom(workerPreflight(config.pools, assemblePools(config.pools, deps), systemLimits(), parts), log);
  return warnings;
}

/** `elpis worker`: plays shares of runs of its group, until it receives a signal. */
export const workerCommand = command({
  name: 'worker',
  describe: 'wait for runs of a group of machines, and play shares of them',
  options: {
    ...CONNECTING,
    name: value('name', nonEmpty, 'its name in tables and messages; by default the name of this machine'),
    dir: value('folder', nonEmpty, 'each run has a folder below this one, with its files and results', {
      fallback: 'elpis-runs',
    }),
    allow: list(
      'what',
      nonEmpty,
      `what runs may do here: ${ALLOW_FORMS}; by default they may only read what is sent, and shoot`,
    ),
  },
  notes: 'It dials out, and opens no port. docs/MANY-MACHINES.md has the permissions that its user of NATS needs.',
  run: async (options, io, source) => {
    const permissions = new Permissions(options.allow);
    const nats = natsOptions(options, io, null);
    if (nats === undefined)
      throw new ElpisError('ELPIS_USAGE', 'the address of NATS is missing', { hint: 'add --mesh nats://host:4222' });
    const stop = firstValueFrom(signals(source));
    const host = hostname();
    const log = createLog({ level: 'info', file: 'stderr' }, io);
    const worker = newWorkerId(options.name ?? host);
    const bus = await natsBus({ ...nats, name: `elpis worker ${worker}`, create: false });
    log.info(`worker ${worker} waits for runs of the group ${nats.group}`);
    const deps = realDeps(io, log, anySeed());
    const working = workMesh({
      ...{ bus, worker, host, permissions, group: nats.group, version: version(), cpus: availableParallelism() },
      folder: resolve(options.dir),
      deps,
      preflight: (config, parts) => checkRoom(config, parts, deps),
      env: io.env,
      chdir: (folder) => process.chdir(folder),
      cpuTimeMs: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      },
    });
    try {
      const { exitCode } = await firstValueFrom(merge(stop, working));
      return exitCode === EXIT_CODES.hungUp ? exitCode : EXIT_CODES.ok;
    } finally {
      await bus.close();
    }
  },
});
