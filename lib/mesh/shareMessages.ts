import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { ElpisError, isElpisError } from '../core/errors.js';
import { eventFromJson, eventToJson } from '../record/eventJson.js';
import { windowCodec } from '../record/windowCodec.js';
import type { FromShare, ToShare } from '../shares/protocol.js';

// The messages of docs/SHARES.md as JSON. Each is checked when it arrives: an unknown one, or one with a wrong value, is refused by
// its name.

const COUNT = t.refinement(t.number, (n) => Number.isInteger(n) && n >= 0, 'a count');
const NAME = t.refinement(t.string, (text) => text.length <= 1000, 'a name of at most 1000 characters');
const TEXT = t.refinement(t.string, (text) => text.length <= 100_000, 'a text of at most 100,000 characters');

const ERROR: t.Mixed = t.recursion('an error', () =>
  t.intersection([t.type({ code: NAME, message: TEXT }), t.partial({ hint: TEXT, also: t.array(ERROR) })]),
);
const COUNTERS = t.type({ logsDropped: COUNT, progressReplaced: COUNT, longestSinkWaitMs: t.number });

/** The values of the messages from a share, besides the type. */
const FROM_SHARE: Readonly<Record<string, t.Mixed>> = {
  joined: t.type({ version: COUNT }),
  ready: t.intersection([t.type({ missing: t.array(NAME) }), t.partial({ pool: NAME })]),
  alive: t.type({}),
  event: t.type({ event: t.UnknownRecord }),
  condition: t.intersection([t.type({ pool: NAME, position: COUNT }), t.partial({ window: t.UnknownRecord })]),
  log: t.type({
    ...{ message: TEXT, fields: t.UnknownRecord },
    level: t.keyof({ debug: null, info: null, warn: null, error: null }),
  }),
  failing: t.type({ error: ERROR }),
  failed: t.type({ error: ERROR, counters: COUNTERS }),
  finished: t.type({ counters: COUNTERS }),
  lost: t.type({ reason: TEXT }),
};

const SHARE = t.type({ index: COUNT, of: COUNT });
const COMMAND = t.union([
  t.type({ type: t.keyof({ pause: null, resume: null, stop: null }) }),
  t.type({ type: t.literal('rate'), perSecond: t.number }),
  t.type({ type: t.literal('scale'), factor: t.number }),
]);

/** The values of the messages to a share, besides the type. */
const TO_SHARE: Readonly<Record<string, t.Mixed>> = {
  task: t.type({
    version: COUNT,
    task: t.intersection([
      t.type({ origin: t.UnknownRecord, share: SHARE, seed: t.number, controlled: t.boolean, credit: COUNT }),
      t.partial({ progressEveryMs: t.number, from: t.number }),
    ]),
  }),
  start: t.type({ at: t.number }),
  drain: t.type({ limitMs: t.number }),
  control: t.type({ pool: NAME, command: COMMAND, at: t.number }),
  stop: t.type({ pool: NAME, at: t.number }),
};

/** A message of a worker about a share that has ended without its last message. */
export interface LostShare {
  readonly type: 'lost';
  readonly reason: string;
}

/** A message that was read, of any type. */
interface Typed {
  readonly type: string;
}

/** The name of a message for errors. */
function nameOf(raw: unknown): string {
  const { type } = Object(raw) as { readonly type?: unknown };
  return typeof type === 'string' ? JSON.stringify(type.slice(0, 40)) : 'without a type';
}

const refused = (of: string, what: string): ElpisError =>
  new ElpisError('ELPIS_MESH', `${of} has sent ${what}`, { hint: 'use the same version of Elpis on all machines' });

function checked(raw: unknown, codecs: Readonly<Record<string, t.Mixed>>, of: string): Typed {
  const { type } = Object(raw) as { readonly type?: unknown };
  const codec = typeof type === 'string' && Object.hasOwn(codecs, type) ? codecs[type] : undefined;
  if (codec === undefined) throw refused(of, `an unknown message ${nameOf(raw)}`);
  const read = codec.decode(raw);
  if (isLeft(read)) {
    const way = read.left[0]?.context.map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key)) ?? [];
    throw refused(of, `a message ${nameOf(raw)} with a wrong value of ${way.join('.') || 'its fields'}`);
  }
  return raw as Typed;
}

/** A message of a share as JSON. */
export function fromShareToJson(message: FromShare | LostShare): object {
  if (message.type === 'event') return { ...message, event: eventToJson(message.event) };
  if (message.type === 'condition' && message.window !== undefined)
    return { ...message, window: windowCodec.encode(message.window) };
  return message;
}

/** A message from a share. @throws ElpisError `ELPIS_MESH` with its name, when it is unknown or has a wrong value. */
export function fromShare(raw: unknown, of: string): FromShare | LostShare {
  const message = checked(raw, FROM_SHARE, of) as { type: string; event?: unknown; window?: unknown };
  try {
    if (message.type === 'event') {
      const event = eventFromJson(message.event);
      if (event === undefined) throw refused(of, `an unknown event ${nameOf(message.event)}`);
      if (!('pool' in event) || event.pool === undefined) throw refused(of, `an event ${nameOf(event)} of no pool`);
      return { type: 'event', event } as FromShare;
    }
    if (message.type === 'condition' && message.window !== undefined) {
      const window = windowCodec.decode(message.window);
      if (isLeft(window)) throw refused(of, 'a message "condition" with a wrong value of window');
      return { ...message, window: window.right } as FromShare;
    }
  } catch (error) {
    throw isElpisError(error, 'ELPIS_RECORD') ? refused(of, `a wrong event: ${error.message}`) : error;
  }
  return message as FromShare | LostShare;
}

/** A message to a share. @throws ElpisError `ELPIS_MESH` with its name, when it is unknown or has a wrong value. */
export function toShare(raw: unknown): ToShare {
  return checked(raw, TO_SHARE, 'the coordinator') as ToShare;
}
