import type { Bytes } from '../core/units.js';
import { LEVELS } from './rollUps.js';

/** A part of a record: the position of its first byte, and the byte after its last one. */
export type ByteRange = readonly [from: Bytes, to: Bytes];

/** The largest number of ranges of a level; a run of more has no index of that level. */
const MAX_RANGES = 200_000;

/** The kind of a line and its pool, from its first characters. */
export interface LineKind {
  readonly kind: 'other' | 'sampled' | 'window' | 'rollup' | 'index';
  /** What it is about: lines of the same key replace each other in a shorter reading. */
  readonly key: string;
  /** Of a `rollup`: the length of its window. */
  readonly everyMs: number;
}

/** Long enough for the type, the length and the pool of any line; a longer name of a pool is cut. */
export const PREFIX_BYTES: Bytes = 512;

const START = /^\{"type":"([a-z-]+)"(?:,"everyMs":(\d+))?(?:,"pool":("(?:[^"\\]|\\.)*"?))?/;

/** The kind of a line by its beginning. */
export function lineKind(beginning: string): LineKind {
  const [, type = '', everyMs = '0', pool = ''] = START.exec(beginning) ?? [];
  switch (type) {
    case 'window':
      return { kind: 'window', key: pool, everyMs: 0 };
    case 'rollup':
      return { kind: 'rollup', key: pool, everyMs: Number(everyMs) };
    case 'progress':
    case 'process':
    case 'workers':
    case 'thresholds':
      return { kind: 'sampled', key: `${type} ${pool}`, everyMs: 0 };
    case 'index':
    case 'index-at':
      return { kind: 'index', key: '', everyMs: 0 };
    default:
      return { kind: 'other', key: '', everyMs: 0 };
  }
}

/** The lines of one level in a shorter reading: one window for each span of it, and what is between. */
class LevelIndex {
  ranges: ByteRange[] | undefined = [];
  /** The windows of each pool that no longer window of this level contains yet. */
  readonly #pending = new Map<string, ByteRange[]>();
  readonly #sampled = new Map<string, ByteRange>();

  constructor(
    private readonly everyMs: number,
    /** The length of the windows that a window of this level is merged of; 0: those of the run. */
    private readonly finerMs: number,
  ) {}

  add({ kind, key, everyMs }: LineKind, range: ByteRange): void {
    if (kind === 'other') this.#keep(range);
    else if (kind === 'sampled') this.#sampled.set(key, range);
    else if (everyMs === this.everyMs) {
      this.#pending.delete(key);
      this.#takeSampled();
      this.#keep(range);
    } else if (kind === 'window') this.#wait(key, range);
    else if (kind === 'rollup' && everyMs === this.finerMs) {
      // It contains the shorter windows before it.
      const rollUps = (this.#pending.get(key) ?? []).filter((waiting) => this.#isRollUp.has(waiting));
      this.#isRollUp.add(range);
      this.#pending.set(key, [...rollUps, range]);
    }
  }

  readonly #isRollUp = new WeakSet<ByteRange>();

  #wait(key: string, range: ByteRange): void {
    const waiting = this.#pending.get(key);
    if (waiting === undefined) this.#pending.set(key, [range]);
    else waiting.push(range);
  }

  #takeSampled(): void {
    for (const range of this.#sampled.values()) this.#keep(range);
    this.#sampled.clear();
  }

  #keep(range: ByteRange): void {
    if (this.ranges === undefined) return;
    this.ranges.push(range);
    if (this.ranges.length > MAX_RANGES) this.ranges = undefined;
  }

  /** All lines of a reading so far, in their order; neighbours are one range. */
  finish(): readonly ByteRange[] | undefined {
    if (this.ranges === undefined) return undefined;
    const all = [...this.ranges, ...this.#sampled.values(), ...[...this.#pending.values()].flat()];
    const joined: ByteRange[] = [];
    for (const [from, to] of all.sort(([a], [b]) => a - b)) {
      const last = joined.at(-1);
      if (last !== undefined && last[1] === from) joined[joined.length - 1] = [last[0], to];
      else joined.push([from, to]);
    }
    return joined;
  }
}

/** Where the lines of shorter readings of a record are: for each length of windows, all lines besides shorter windows. */
export class RecordIndex {
  readonly #levels = LEVELS.map((everyMs, i) => new LevelIndex(everyMs, LEVELS[i - 1] ?? 0));

  /** Adds the next line. */
  add(kind: LineKind, range: ByteRange): void {
    for (const level of this.#levels) level.add(kind, range);
  }

  /** The ranges by length of windows; `undefined` for a level with too many of them. */
  finish(): readonly (readonly ByteRange[] | undefined)[] {
    return this.#levels.map((level) => level.finish());
  }
}
