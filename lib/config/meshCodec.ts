import { isLeft, map } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { atLeast, atMost, checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { atLeastMs } from '../codec/duration.js';
import type { Codec } from '../codec/issue.js';
import { nonEmpty, oneOf, unsigned } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { defaultsOf, optional, type StructOf, struct } from '../codec/struct.js';

/** The largest number of workers of a run. */
const MAX_WORKERS = 1000;

/** A number of workers. */
export const workersCodec: Codec<number> = atMost(atLeast(unsigned, 1), MAX_WORKERS);

/** The name of a group of workers: one word, since it is a part of subjects of NATS. */
export const groupCodec: Codec<string, string> = checked(
  nonEmpty,
  (name) => /^[A-Za-z0-9_-]{1,64}$/.test(name),
  'a name of letters, digits, _ and -',
  'bad-value',
  { schema: { pattern: '^[A-Za-z0-9_-]{1,64}$' } },
);

/** The address of a server of NATS. */
export const serverCodec: Codec<string, string> = checked(
  nonEmpty,
  (server) => /^(?:(?:nats|tls):\/\/)?[^\s/@]+$/.test(server),
  'an address such as nats://127.0.0.1:4222, without user and password',
  'bad-value',
  { schema: { pattern: '^(?:(?:nats|tls)://)?[^\\s/@]+$' } },
);

/** One address, or a list of them. */
const serversCodec: Codec<readonly string[]> = (() => {
  const several = listOf(serverCodec);
  const validate: t.Validate<unknown, readonly string[]> = (raw, context) =>
    Array.isArray(raw)
      ? several.validate(raw, context)
      : map((one: string) => [one])(serverCodec.validate(raw, context));
  const is = (raw: unknown): raw is readonly string[] => !isLeft(validate(raw, []));
  return withSchema(new t.Type(`${serverCodec.name}, or a list of them`, is, validate, t.identity), (schemaOf) => ({
    anyOf: [schemaOf(serverCodec), schemaOf(several)],
  }));
})();

const tlsCodec = struct('tls', {
  ca: optional(nonEmpty, null, 'file of the certificates of the authorities that have signed that of NATS'),
  cert: optional(nonEmpty, null, 'file of the own certificate'),
  key: optional(nonEmpty, null, 'file of its key'),
});

/** The key `mesh`. */
export const meshCodec = struct('mesh', {
  servers: optional(serversCodec, [], 'addresses of NATS with JetStream; --mesh has priority'),
  group: optional(groupCodec, 'default', 'the group of workers'),
  workers: optional(
    workersCodec,
    null,
    'number of workers that share the run; without servers they are processes of this machine',
  ),
  minWorkers: optional(
    workersCodec,
    null,
    'the run starts with so many when the others are not ready at the deadline; by default all are needed',
  ),
  deadline: optional(atLeastMs(1000), 60_000, 'the longest time until the workers are ready'),
  lease: optional(
    atLeastMs(1000),
    5000,
    'a worker that receives nothing from the coordinator for so long has stopped by then; one that sends nothing for so long is lost',
  ),
  onLostWorker: optional(
    oneOf(['fail', 'continue', 'resplit']),
    'fail',
    'fail: the run ends, and its results until then are kept; continue: without the share of the lost worker; resplit: the others take its share over',
  ),
  files: optional(
    listOf(nonEmpty),
    [],
    'files for the workers besides those that the config names, such as data that a module reads',
  ),
  credentials: optional(nonEmpty, null, 'file of the login at NATS: .creds, or lines user: and password:, or token:'),
  tls: optional(tlsCodec, defaultsOf(tlsCodec), 'the files of TLS'),
});

/** The values of the key `mesh`. */
export type MeshConfig = StructOf<(typeof meshCodec)['fields']>;
