import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { atLeastMs } from '../codec/duration.js';
import { nonEmpty } from '../codec/scalars.js';
import type { Config } from '../config/config.js';
import { groupCodec, type MeshConfig, serverCodec, workersCodec } from '../config/meshCodec.js';
import { version } from '../config/version.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { MeshRun } from '../mesh/coordinator/runMesh.js';
import type { NatsOptions } from '../mesh/nats/natsBus.js';
import { type Given, list, value } from './command.js';
import type { Io } from './terminal.js';

/** The options of every command that connects to NATS. */
export const CONNECTING = {
  mesh: list('url', serverCodec, 'address of NATS with JetStream, such as nats://127.0.0.1:4222'),
  group: value('name', groupCodec, 'the group of workers'),
  credentials: value('file', nonEmpty, 'file of the login at NATS: .creds, or lines user: and password:, or token:'),
  tlsCa: value('file', nonEmpty, 'file of the certificates of the authorities that have signed that of NATS'),
  tlsCert: value('file', nonEmpty, 'file of the own certificate'),
  tlsKey: value('file', nonEmpty, 'file of its key'),
};

/** The options of a run on several machines. */
export const ON_MACHINES = {
  ...CONNECTING,
  workers: value(
    'n',
    workersCodec,
    'number of workers that share the run; without --mesh they are processes of this machine',
  ),
  minWorkers: value('n', workersCodec, 'start with so many workers when the others are not ready at the deadline'),
  deadline: value('duration', atLeastMs(1000), 'the longest time until the workers are ready'),
  resume: value('run', nonEmpty, 'continue a run whose coordinator has died, with the same config'),
};

type Connecting = Given<typeof CONNECTING>;

/**
 * The connection: options have priority over variables (`ELPIS_MESH`, `ELPIS_MESH_GROUP`, `ELPIS_MESH_CREDENTIALS`,
 * `ELPIS_MESH_CA`, `ELPIS_MESH_CERT`, `ELPIS_MESH_KEY`), and these over the config.
 *
 * @returns undefined when no server is named.
 */
export function natsOptions(
  { mesh, group, credentials, tlsCa, tlsCert, tlsKey }: Connecting,
  { env }: Pick<Io, 'env'>,
  config: MeshConfig | null,
): Omit<NatsOptions, 'name' | 'create'> | undefined {
  const inEnv = env.ELPIS_MESH === undefined || env.ELPIS_MESH === '' ? [] : env.ELPIS_MESH.split(',');
  const servers = [mesh, inEnv, config?.servers ?? []].find(({ length }) => length > 0);
  if (servers === undefined) return undefined;
  const ca = tlsCa ?? env.ELPIS_MESH_CA ?? config?.tls.ca ?? undefined;
  const cert = tlsCert ?? env.ELPIS_MESH_CERT ?? config?.tls.cert ?? undefined;
  const key = tlsKey ?? env.ELPIS_MESH_KEY ?? config?.tls.key ?? undefined;
  const login = credentials ?? env.ELPIS_MESH_CREDENTIALS ?? config?.credentials ?? undefined;
  for (const [what, file] of Object.entries({ credentials: login, 'tls.ca': ca, 'tls.cert': cert, 'tls.key': key }))
    if (file !== undefined && !existsSync(file))
      throw new ElpisError('ELPIS_MESH', `${what}: there is no file ${file}`);
  return {
    servers,
    group: group ?? env.ELPIS_MESH_GROUP ?? config?.group ?? 'default',
    credentials: login,
    ...(ca === undefined && cert === undefined && key === undefined ? {} : { tls: { ca, cert, key } }),
  };
}

/** The number of workers of a run: other machines, or processes of this one. Undefined when none is given. */
function processesOf(
  { workers }: Pick<Given<typeof ON_MACHINES>, 'workers'>,
  { mesh }: Pick<Config, 'mesh'>,
): number | undefined {
  return workers ?? mesh?.workers ?? undefined;
}

/** How a run uses other machines; undefined when it names no NATS. */
function meshRunOf(
  options: Given<typeof ON_MACHINES>,
  io: Pick<Io, 'env'>,
  { mesh: config }: Pick<Config, 'mesh'>,
): MeshRun | undefined {
  const nats = natsOptions(options, io, config);
  if (nats === undefined) {
    if (options.resume !== undefined)
      throw new ElpisError('ELPIS_USAGE', '--resume needs the address of NATS', {
        hint: 'add --mesh nats://host:4222',
      });
    return undefined;
  }
  const workers = processesOf(options, { mesh: config });
  if (workers === undefined)
    throw new ElpisError('ELPIS_USAGE', 'the number of workers is missing', { hint: 'add --workers 4' });
  return {
    connect: async () => {
      const { natsBus } = await import('../mesh/nats/natsBus.js');
      return natsBus({ ...nats, name: `elpis coordinator on ${hostname()}`, create: true });
    },
    ...{ group: nats.group, version: version(), workers, resume: options.resume },
    minWorkers: Math.min(workers, options.minWorkers ?? config?.minWorkers ?? workers),
    deadlineMs: options.deadline ?? config?.deadline ?? 60_000,
    leaseMs: config?.lease ?? 5000,
    onLostWorker: config?.onLostWorker ?? 'fail',
    files: config?.files ?? [],
    cwd: process.cwd(),
  };
}

/** Where a run is played: in this process, in several of this machine, or on other machines. */
export function placeOf(
  options: Given<typeof ON_MACHINES>,
  io: Pick<Io, 'env'>,
  config: Pick<Config, 'mesh'>,
): { readonly mesh?: MeshRun; readonly processes?: number } {
  const mesh = meshRunOf(options, io, config);
  if (mesh !== undefined) return { mesh };
  return defined({ processes: processesOf(options, config) });
}
