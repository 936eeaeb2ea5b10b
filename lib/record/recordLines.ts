import type { EpochMs } from '../core/units.js';
import type { RunEvent, RunFacts } from '../engine/runEvent.js';
import { OTHER_TAGS, type Window } from '../measure/window.js';
import { mergeCounts, type WindowCounts } from '../measure/windowCounts.js';
import { eventToJson } from './eventJson.js';
import { headerToJson } from './recordHeader.js';
import { RollUps } from './rollUps.js';

/** The largest number of events before `run-started` that are kept; there are only warnings. */
const MAX_BEFORE_START = 1000;

/** A line of a record, without its line break. */
export interface RecordLine {
  readonly text: string;
  /** True for a line that comes at most once a second for each pool; others are rare and are never left out. */
  readonly periodic: boolean;
}

const PERIODIC: ReadonlySet<RunEvent['type']> = new Set(['window', 'progress', 'process', 'thresholds', 'workers']);

type Rows = ReadonlyMap<string, WindowCounts>;

/** Lets the first tags of a pool through, up to a limit; the counts of all further tags are added up under `(other tags)`. */
class TagLimit {
  readonly #known = { tags: new Set<string>(), groups: new Set<string>(), scenarios: new Set<string>() };

  constructor(private readonly limit: number) {}

  /** The same window, with at most `limit` rows of each kind besides `(other tags)`. */
  apply(window: Window): Window {
    const { tags, groups, scenarios } = this.#known;
    const limited = {
      tags: this.#rows(window.tags, tags),
      groups: this.#rows(window.groups, groups),
      scenarios: this.#rows(window.scenarios, scenarios),
    };
    const beyond = this.#beyond(window.tags, tags) + this.#beyond(window.groups, groups);
    return {
      ...window,
      ...limited,
      beyondTagLimit: window.beyondTagLimit + beyond + this.#beyond(window.scenarios, scenarios),
    };
  }

  #rows(rows: Rows, known: Set<string>): Rows {
    for (const tag of rows.keys()) if (known.size < this.limit && tag !== OTHER_TAGS) known.add(tag);
    if ([...rows.keys()].every((tag) => known.has(tag))) return rows;
    const limited = new Map<string, WindowCounts>();
    for (const [tag, counts] of rows) {
      const row = known.has(tag) ? tag : OTHER_TAGS;
      const before = limited.get(row);
      limited.set(row, before === undefined ? counts : mergeCounts(before, counts));
    }
    return limited;
  }

  /** The samples of tags beyond this limit; those under `(other tags)` are counted already. */
  #beyond(rows: Rows, known: ReadonlySet<string>): number {
    let samples = 0;
    for (const [tag, { count }] of rows) if (!known.has(tag) && tag !== OTHER_TAGS) samples += count;
    return samples;
  }
}

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
