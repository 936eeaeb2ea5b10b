import { LatencyHistogram } from '../coreutil/latencyHistogram.js';

/** How the samples of one tag that ended alike (same net code, same status) were spread in time. */
export interface PhoutOutcome {
  readonly netCode: number;
  readonly status: number;
  readonly times: LatencyHistogram;
}

const MAX_TAGS = 1000;
const COLUMNS = 12;
const DISCARDED = '777';

/** The outcomes of one tag. */
export type TagOutcomes = Map<string, PhoutOutcome>;

/** What a phout file says of a target: per tag how answers ended and how long they took. Bounded: 1000 tags. */
export class PhoutMix {
  readonly tags = new Map<string, TagOutcomes>();
  /** All tags together. */
  readonly all: TagOutcomes = new Map();
  /** Number of lines counted. */
  lines = 0;

  /** Counts a line. Operations that were never shot or not finished say nothing of the target. False: no phout line. */
  add(line: string): boolean {
    const columns = line.split('\t');
    const us = Number(columns[2]);
    const netCode = Number(columns[10]);
    const status = Number(columns[11]);
    if (columns.length !== COLUMNS || !(us >= 0) || !Number.isInteger(netCode) || !Number.isInteger(status))
      return false;
    const tag = (columns[1] as string).replace(/#-?\d+$/, '');
    if (columns[10] === DISCARDED || tag === 'unfinished') return true;
    this.lines++;
    const outcome = `${netCode} ${status}`;
    this.#count(this.all, outcome, netCode, status, us);
    let ofTag = this.tags.get(tag);
    if (ofTag === undefined && this.tags.size < MAX_TAGS) {
      ofTag = new Map();
      this.tags.set(tag, ofTag);
    }
    if (ofTag !== undefined) this.#count(ofTag, outcome, netCode, status, us);
    return true;
  }

  #count(outcomes: TagOutcomes, key: string, netCode: number, status: number, us: number): void {
    let outcome = outcomes.get(key);
    if (outcome === undefined) {
      outcome = { netCode, status, times: new LatencyHistogram() };
      outcomes.set(key, outcome);
    }
    outcome.times.record(us);
  }
}
