import { OTHER_TAGS, type Window } from '../measure/window.js';
import { mergeCounts, type WindowCounts } from '../measure/windowCounts.js';

type Rows = ReadonlyMap<string, WindowCounts>;

/** Lets the first tags of a pool through, up to a limit; the counts of all further tags are added up under `(other tags)`. */
export class TagLimit {
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
