import type { EpochMs } from '../core/units.js';
import type { RunEvent, RunFacts } from '../engine/runEvent.js';
import { eventToJson } from './eventJson.js';
import { headerToJson } from './recordHeader.js';
import { RollUps } from './rollUps.js';
import { TagLimit } from './tagLimit.js';

/** The largest number of events before `run-started` that are kept; there are only warnings. */
const MAX_BEFORE_START = 1000;

/** A line of a record, without its line break. */
export interface RecordLine {
  readonly text: string;
  /** True for a line that comes at most once a second for each pool; others are rare and are never left out. */
  readonly periodic: boolean;
}

const PERIODIC: ReadonlySet<RunEvent['type']> = new Set(['window', 'progress', 'process', 'thresholds']);

/** Turns the events of a run into the lines of its record: the header, a line per event, and a line for each longer window. */
export class RecordLines {
  readonly #limits = new Map<string, TagLimit>();
  readonly #rollUps = new RollUps();
  #early: RunEvent[] | undefined = [];

  /** @param tagLimit The largest number of tags of a pool with their own rows in windows. */
  constructor(
    private readonly tagLimit: number,
    private readonly start: EpochMs,
  ) {}

  /** The lines of an event. Events before `run-started` are kept until then, because the header comes first. */
  add(event: RunEvent): readonly RecordLine[] {
    const early = this.#early;
    if (early === undefined) return this.#lines(event);
    if (event.type !== 'run-started') {
      if (early.length < MAX_BEFORE_START) early.push(event);
      return event.type === 'run-finished' ? this.#begin({}, early) : [];
    }
    const { facts, seed } = event;
    return this.#begin({ facts, seed }, [...early, event]);
  }

  #begin(
    known: { readonly facts?: RunFacts | undefined; readonly seed?: number | undefined },
    events: readonly RunEvent[],
  ): readonly RecordLine[] {
    this.#early = undefined;
    const text = JSON.stringify(headerToJson({ start: this.start, ...known }));
    return [{ text, periodic: false }, ...events.flatMap((event) => this.#lines(event))];
  }

  #lines(event: RunEvent): readonly RecordLine[] {
    // The windows of a summary are those of its pool, and its last report is in the summaries of the run.
    if (event.type === 'report' && !event.report.final) return [];
    const periodic = PERIODIC.has(event.type);
    // The facts are in the header.
    if (event.type === 'run-started')
      return [{ text: JSON.stringify({ ...eventToJson(event), facts: undefined }), periodic }];
    if (event.type !== 'window') return [{ text: JSON.stringify(eventToJson(event)), periodic }];
    const known = this.#limits.get(event.pool);
    const limit = known ?? new TagLimit(this.tagLimit);
    if (known === undefined) this.#limits.set(event.pool, limit);
    const limited = { ...event, window: limit.apply(event.window) };
    return [
      { text: JSON.stringify(eventToJson(limited)), periodic },
      ...this.#rollUps.add(limited).map(({ everyMs, event: merged }) => ({
        text: JSON.stringify({ ...{ type: 'rollup', everyMs }, ...{ ...eventToJson(merged), type: 'rollup' } }),
        periodic,
      })),
    ];
  }
}
