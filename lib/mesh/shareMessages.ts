import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { ElpisError } from '../core/errors.js';
import { isWindow } from '../measure/window.js';
import type { FromShare, ToShare } from '../shares/protocol.js';

// The messages of docs/SHARES.md as they arrive from another machine. What a message has besides is kept: the events of a run
// have more fields than the coordinator reads.

const COUNT = t.refinement(t.number, (n) => Number.isInteger(n) && n >= 0, 'a count');
const NAME = t.refinement(t.string, (text) => text.length <= 1000, 'a name of at most 1000 characters');
const TEXT = t.refinement(t.string, (text) => text.length <= 100_000, 'a text of at most 100,000 characters');

const HISTOGRAM = t.type({
  ...{ count: COUNT, sumUs: t.number, minUs: t.number, maxUs: t.number, clamped: COUNT },
  buckets: new t.Type<Float64Array, Float64Array, unknown>(
    'buckets',
    (raw): raw is Float64Array => raw instanceof Float64Array,
    (raw, context) => (raw instanceof Float64Array && raw.length % 2 === 0 ? t.success(raw) : t.failure(raw, context)),
    t.identity,
  ),
});

const COUNTS = t.type({
  ...{ count: COUNT, ended: COUNT, ok: COUNT, bad: COUNT, failed: COUNT, discarded: COUNT, unfinished: COUNT },
  ...{ response: HISTOGRAM, service: HISTOGRAM, statuses: t.UnknownArray, failures: t.UnknownArray },
});

const isCounts = (raw: unknown): boolean => COUNTS.is(raw);
const isCountsByTag = (raw: unknown): boolean =>
  raw instanceof Map && [...raw].every(([tag, counts]) => NAME.is(tag) && isCounts(counts));

const WINDOW = t.refinement(
  t.type({ from: t.number, to: t.number, partial: t.boolean, lateness: HISTOGRAM, slotWait: HISTOGRAM }),
  (raw) =>
    isWindow(raw) &&
    isCounts(raw.total) &&
    [raw.tags, raw.groups, raw.scenarios].every(isCountsByTag) &&
    raw.counters instanceof Map,
  'a window',
);

const PROGRESS = t.record(t.string, t.number);
const POOL = { pool: NAME, at: t.number };
const event = <K extends string, P extends t.Props>(type: K, props: P) =>
  t.type({ type: t.literal('event'), event: t.type({ type: t.literal(type), ...POOL, ...props }) });

const ERROR: t.Mixed = t.recursion('an error', () =>
  t.intersection([t.type({ code: NAME, message: TEXT }), t.partial({ hint: TEXT, also: t.array(ERROR) })]),
);
const COUNTERS = t.type({ logsDropped: COUNT, progressReplaced: COUNT, longestSinkWaitMs: t.number });

const FROM_SHARE: readonly t.Mixed[] = [
  t.type({ type: t.literal('joined'), version: COUNT }),
  t.intersection([t.type({ type: t.literal('ready'), missing: t.array(NAME) }), t.partial({ pool: NAME })]),
  t.type({ type: t.literal('alive') }),
  event('pool-started', {}),
  event('progress', { progress: PROGRESS }),
  event('window', { window: WINDOW }),
  event('pool-stopped', { reason: TEXT }),
  event('bad-ammo', { kinds: t.UnknownArray }),
  event('exchange', { exchange: t.UnknownRecord }),
  event('report', { report: t.type({ from: NAME, received: COUNT, dropped: COUNT, final: t.boolean }) }),
  event('pool-finished', { progress: PROGRESS }),
  t.intersection([
    t.type({ type: t.literal('condition'), pool: NAME, position: COUNT }),
    t.partial({ window: WINDOW }),
  ]),
  t.type({
    ...{ type: t.literal('log'), message: TEXT, fields: t.UnknownRecord },
    level: t.keyof({ debug: null, info: null, warn: null, error: null }),
  }),
  t.type({ type: t.literal('failing'), error: ERROR }),
  t.type({ type: t.literal('failed'), error: ERROR, counters: COUNTERS }),
  t.type({ type: t.literal('finished'), counters: COUNTERS }),
  t.type({ type: t.literal('lost'), reason: TEXT }),
];

const SHARE = t.type({ index: COUNT, of: COUNT });
const COMMAND = t.union([
  t.type({ type: t.keyof({ pause: null, resume: null, stop: null }) }),
  t.type({ type: t.literal('rate'), perSecond: t.number }),
  t.type({ type: t.literal('scale'), factor: t.number }),
]);

const TO_SHARE: readonly t.Mixed[] = [
  t.type({
    ...{ type: t.literal('task'), version: COUNT },
    task: t.type({ origin: t.UnknownRecord, share: SHARE, seed: t.number, controlled: t.boolean, credit: COUNT }),
  }),
  t.type({ type: t.literal('start'), at: t.number }),
  t.type({ type: t.literal('drain'), limitMs: t.number }),
  t.type({ type: t.literal('control'), pool: NAME, command: COMMAND, at: t.number }),
  t.type({ type: t.literal('stop'), pool: NAME, at: t.number }),
];

/** A message of a worker about a share that has ended without its last message. */
export interface LostShare {
  readonly type: 'lost';
  readonly reason: string;
}

/** The name of a message for errors: that of its event, or its own. */
function nameOf(raw: unknown): string {
  const { type, event: inner } = Object(raw) as { readonly type?: unknown; readonly event?: unknown };
  const name = type === 'event' ? (Object(inner) as { readonly type?: unknown }).type : type;
  return typeof name === 'string' ? JSON.stringify(name.slice(0, 40)) : 'without a type';
}

function decoded(raw: unknown, codecs: readonly t.Mixed[], of: string): unknown {
  // The codecs of the same type differ by the type of the event.
  if (codecs.some((codec) => codec.is(raw))) return raw;
  const closest = codecs.map((codec) => codec.decode(raw)).filter(isLeft);
  const paths = closest.map(({ left }) => left.map(({ context }) => context.map(({ key }) => key).filter(Boolean)));
  const typeIsKnown = paths.filter((each) => !each.some((path) => path.at(-1) === 'type'));
  const [best] = typeIsKnown;
  const where = best?.[0]?.join('.') ?? '';
  throw new ElpisError(
    'ELPIS_MESH',
    best === undefined
      ? `${of} has sent an unknown message ${nameOf(raw)}`
      : `${of} has sent a message ${nameOf(raw)} with a wrong value${where === '' ? '' : ` of ${where}`}`,
    { hint: 'use the same version of Elpis on all machines' },
  );
}

/** A message from a share. @throws ElpisError `ELPIS_MESH` with its name, when it is unknown or has a wrong value. */
export function fromShare(raw: unknown, of: string): FromShare | LostShare {
  return decoded(raw, FROM_SHARE, of) as FromShare | LostShare;
}

/** A message to a share. @throws ElpisError `ELPIS_MESH` with its name, when it is unknown or has a wrong value. */
export function toShare(raw: unknown): ToShare {
  return decoded(raw, TO_SHARE, 'the coordinator') as ToShare;
}
