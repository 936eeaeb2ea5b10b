import type { EpochMs } from '../core/units.js';

/** The kind of a line of a {@link RunLog}. */
export type LogKind = 'warning' | 'remark' | 'command' | 'stopped' | 'threshold' | 'observer' | 'failure';

/** Something that happened in a run, as a line. */
export interface LogEntry {
  readonly at: EpochMs;
  readonly kind: LogKind;
  /** Absent for the whole run. */
  readonly pool?: string;
  readonly text: string;
}

/** The first and the last lines of a run: beyond the limit, those between are dropped and counted. */
export class RunLog {
  readonly #entries: LogEntry[] = [];
  #dropped = 0;

  /** @param limit The largest number of lines; a quarter of them are the first ones. */
  constructor(private readonly limit: number) {}

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** How many lines were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length <= this.limit) return;
    this.#entries.splice(Math.floor(this.limit / 4), 1);
    this.#dropped++;
  }
}
