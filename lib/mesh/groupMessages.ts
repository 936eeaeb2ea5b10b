import * as t from 'io-ts';
import type { ConfigOrigin } from '../shares/protocol.js';
import { WORD } from './subjects.js';

// The messages of a group outside of the shares: who is there, what to prepare, who is alive, which time is it. Each is one JSON
// text of at most 256 KiB. Whatever is not such a message is dropped: a group name is no secret.

const LIMIT = 256 * 1024;

const NUMBER = t.refinement(t.number, Number.isFinite, 'a number');
const COUNT = t.refinement(t.number, (n) => Number.isInteger(n) && n >= 0, 'a count');
/** A response that arrives later than a second is none, so no offset is less certain. */
const UNCERTAINTY = t.refinement(t.number, (ms) => ms >= 0 && ms <= 1000, 'an uncertainty');
const NAME = t.refinement(t.string, (text) => WORD.test(text), 'a name');
const TEXT = t.refinement(t.string, (text) => text.length <= 2000, 'a text');
const HASH = t.refinement(t.string, (text) => /^[0-9a-f]{64}$/.test(text), 'a hash');

/** A file of a bundle: its path below the folder of the run, and its content. */
export const BUNDLED_FILE = t.readonly(t.type({ path: TEXT, hash: HASH, bytes: COUNT, code: t.boolean }));
export type BundledFile = t.TypeOf<typeof BUNDLED_FILE>;

const OVERRIDES = t.partial({
  ...{ set: t.array(t.string), target: t.string },
  ...{ rateScale: NUMBER, durationMs: NUMBER },
});
const ORIGIN_FIELDS = t.partial({
  ...{ location: TEXT, stdinText: t.string, asWritten: t.boolean, allowPlugins: t.boolean, overrides: OVERRIDES },
});

const isOrigin = (raw: unknown): raw is ConfigOrigin =>
  ORIGIN_FIELDS.is(raw) && !Object.hasOwn(raw, 'cwd') && Object.hasOwn(raw, 'location') !== Object.hasOwn(raw, 'value');

/** The origin of a config: a location, or a value, which is any plain data. */
const ORIGIN = new t.Type<ConfigOrigin, ConfigOrigin, unknown>(
  'an origin',
  isOrigin,
  (raw, context) => (isOrigin(raw) ? t.success(raw) : t.failure(raw, context)),
  t.identity,
);

/** What a worker needs to run a config. */
export const BUNDLE = t.readonly(
  t.type({
    /** From where it reads the config, see `ConfigOrigin`. */
    origin: ORIGIN,
    files: t.readonlyArray(BUNDLED_FILE),
    /** Files that every worker has itself, by their absolute paths. */
    present: t.readonlyArray(BUNDLED_FILE),
    /** The working directory below the folder of the run. */
    cwd: TEXT,
    /** The environment variables that it reads. */
    env: t.readonlyArray(TEXT),
    /** True when it loads modules of the user. */
    modules: t.boolean,
  }),
);
export type Bundle = t.TypeOf<typeof BUNDLE>;

/** From a coordinator: which workers are free. */
export const CALL = t.readonly(t.type({ type: t.literal('call'), version: TEXT, protocol: COUNT }));
export type Call = t.TypeOf<typeof CALL>;

/** From a worker: its state. */
export const OFFER = t.readonly(
  t.type({
    ...{ type: t.literal('offer'), worker: NAME, host: TEXT, version: TEXT, protocol: COUNT, cpus: COUNT },
    /** The run that it prepares or plays; empty when it is free. */
    run: TEXT,
    allow: t.readonlyArray(TEXT),
  }),
);
export type Offer = t.TypeOf<typeof OFFER>;

/** To a worker: prepare this run. */
export const INVITATION = t.readonly(
  t.type({
    ...{ type: t.literal('invite'), run: NAME, bundle: BUNDLE, leaseMs: NUMBER, threads: COUNT },
    /** How many workers the run is planned for: each plays this part. */
    workers: COUNT,
  }),
);
export type Invitation = t.TypeOf<typeof INVITATION>;

/** From a worker: prepared, with a warning if there is one, or the reason that it is not. */
export const ANSWER = t.readonly(
  t.type({
    ...{ type: t.literal('answer'), worker: NAME, prepared: t.boolean, reason: TEXT },
    ...{ offsetMs: NUMBER, uncertaintyMs: UNCERTAINTY },
  }),
);
export type Answer = t.TypeOf<typeof ANSWER>;

/** The part of a worker in a run. */
export const ASSIGNMENT = t.readonly(t.type({ worker: NAME, host: TEXT, shares: t.readonlyArray(COUNT) }));
export type Assignment = t.TypeOf<typeof ASSIGNMENT>;

/** From the coordinator, twice a second: it is alive. One to all workers, and when the run is played one to each with its part. */
export const LEASE = t.readonly(
  t.type({
    ...{ type: t.literal('lease'), at: NUMBER },
    phase: t.keyof({ gathering: null, running: null, ended: null, 'given-up': null }),
    /** The shares of the worker; none in the lease to all. */
    shares: t.readonlyArray(COUNT),
    /** The number of the last frame to each of them. */
    sent: t.readonlyArray(t.tuple([COUNT, COUNT])),
  }),
);
export type Lease = t.TypeOf<typeof LEASE>;

/** From a worker, twice a second: it is alive. */
export const HEARTBEAT = t.readonly(
  t.type({
    ...{ type: t.literal('heartbeat'), worker: NAME, offsetMs: NUMBER, uncertaintyMs: UNCERTAINTY },
    /** The processors that its process used since the last heartbeat: 1 is one all the time. */
    cpu: NUMBER,
    /** Operations that its shares ended per second, and the largest lateness (p99) among them, in their last windows. */
    perSecond: t.union([NUMBER, t.null]),
    lateMs: t.union([NUMBER, t.null]),
    /** Shares whose thread has sent something since the last heartbeat. */
    alive: t.readonlyArray(COUNT),
    /** The number of the last frame from each share. */
    sent: t.readonlyArray(t.tuple([COUNT, COUNT])),
    /** Shares that have ended because their messages cannot be stored, with the reasons. */
    lost: t.readonlyArray(t.tuple([COUNT, TEXT])),
  }),
);
export type Heartbeat = t.TypeOf<typeof HEARTBEAT>;

/** From a worker: which time is it. */
export const CLOCK_REQUEST = t.readonly(t.type({ type: t.literal('clock'), worker: NAME, id: COUNT }));

/** To a worker: the time of the coordinator. */
export const CLOCK_RESPONSE = t.readonly(t.type({ type: t.literal('time'), id: COUNT, at: NUMBER }));

/** To a coordinator: stop the run. */
export const STOP = t.readonly(t.type({ type: t.literal('stop') }));

/** In the journal: a run. */
export const RUN_PLAN = t.readonly(
  t.type({
    ...{ type: t.literal('plan'), run: NAME, version: TEXT, seed: NUMBER, leaseMs: NUMBER, threads: COUNT },
    ...{ workers: t.readonlyArray(ASSIGNMENT), bundle: BUNDLE, at: NUMBER },
  }),
);
export type RunPlan = t.TypeOf<typeof RUN_PLAN>;

const ENCODER = new TextEncoder();

/** A message as bytes. */
export function packed(message: object): Uint8Array {
  return ENCODER.encode(JSON.stringify(message));
}

/** The message of its bytes; `undefined` for anything else, such as a message of another version. */
export function unpacked<T>(data: Uint8Array, codec: { readonly is: t.Is<T> }, limit = LIMIT): T | undefined {
  if (data.length > limit) return undefined;
  try {
    const raw: unknown = JSON.parse(new TextDecoder().decode(data));
    return codec.is(raw) ? raw : undefined;
  } catch {
    return undefined;
  }
}
