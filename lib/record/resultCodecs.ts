import { right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Report } from '../core/aggregator.js';
import { defined } from '../core/defined.js';
import type { BadAmmo } from '../measure/badAmmo.js';
import {
  type AppliedLoad,
  isSummarySnapshot,
  type LostShare,
  type PlannedLoad,
  type SummarySnapshot,
  summaryOf,
  type ThreadShare,
} from '../measure/summary.js';
import { isWindow, type Window } from '../measure/window.js';
import { plain } from './plainJson.js';
import { flag, isObject, JsonCodec, list, orNull, real, shape, text, through } from './shape.js';
import { windowCodec } from './windowCodec.js';

/** Bad items of ammo. */
export const badAmmoCodec: JsonCodec<BadAmmo> = shape('bad items of ammo', {
  kind: text,
  count: real,
  first: list(text),
});

const planned: JsonCodec<PlannedLoad> = shape('the planned operations', { count: orNull(real), durationMs: real });
const applied: JsonCodec<AppliedLoad> = shape('the load up to the end of the plan', { planned: real, begun: real });
const thread: JsonCodec<ThreadShare> = shape('a thread', { ended: real, latenessP50Ms: real, latenessP99Ms: real });

const lostShare: JsonCodec<LostShare> = shape(
  'a lost share',
  { share: real, reason: text, missing: orNull(real), taken: flag },
  { player: text },
);

/** The fields of a summary from which the others are computed. */
interface SummaryJson {
  readonly pool: string;
  readonly planned: PlannedLoad | null;
  readonly window: Window;
  readonly stopped?: string;
  readonly instances?: number;
  readonly applied?: AppliedLoad;
  readonly badAmmo?: readonly BadAmmo[];
  readonly threads?: readonly ThreadShare[];
  readonly lostShares?: readonly LostShare[];
}

const summaryJson: JsonCodec<SummaryJson> = shape(
  'a summary',
  { pool: text, planned: orNull(planned), window: windowCodec },
  {
    ...{ stopped: text, instances: real, applied, badAmmo: list(badAmmoCodec), threads: list(thread) },
    lostShares: list(lostShare),
  },
);

/** A summary: its window and the facts besides it. The figures are computed again. */
export const summaryCodec: JsonCodec<SummarySnapshot> = through(
  summaryJson,
  ({ window, ...facts }) => summaryOf(window, facts),
  ({ pool, planned, window, stopped, instances, applied, badAmmo, threads, lostShares }) => ({
    ...{ pool, planned, window },
    ...defined({ stopped, instances, applied, badAmmo, threads, lostShares }),
  }),
);

/** The detail of a report: a window or a summary, under a key with that name, or any other value under `value`. */
const detail: JsonCodec<unknown> = new JsonCodec<unknown>(
  'a detail',
  (raw, context) => {
    if (!isObject(raw)) return t.failure(raw, context);
    const below = <A>(key: string, codec: JsonCodec<A>) =>
      codec.validate(raw[key], t.appendContext(context, key, codec, raw[key]));
    if (raw.window !== undefined) return below('window', windowCodec);
    return raw.summary === undefined ? right(raw.value) : below('summary', summaryCodec);
  },
  (value) => {
    if (isSummarySnapshot(value)) return { summary: summaryCodec.encode(value) };
    return isWindow(value) ? { window: windowCodec.encode(value) } : { value: plain(value) };
  },
  (named) => ({
    type: 'object',
    properties: { window: windowCodec.schema(named), summary: summaryCodec.schema(named), value: {} },
  }),
);

/** A report of a result. */
export const reportCodec: JsonCodec<Report> = shape(
  'a report of a result',
  { from: text, received: real, dropped: real, final: flag },
  { detail },
);
