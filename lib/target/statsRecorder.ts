import type { EpochMs } from '../core/units.js';
import { ArrivalRing } from './arrivalRing.js';
import { BoundedTally } from './boundedTally.js';
import type { TargetStats } from './targetStats.js';

const MOST_PATHS = 1_000;
const MOST_SECONDS = 3_600;

/** Counts what arrives at a target, in bounded memory however long it runs. */
export class StatsRecorder {
  readonly #paths = new BoundedTally<string>(MOST_PATHS, 'other');
  readonly #statuses = new BoundedTally<number>(MOST_PATHS, 'other');
  readonly #methods = new BoundedTally<string>(MOST_PATHS, 'other');
  readonly #seconds = new BoundedTally<number>(MOST_SECONDS, 'forget-oldest');
  readonly #arrivals: ArrivalRing;
  #total = 0;
  #aborted = 0;
  #inFlight = 0;
  #opened = 0;
  #open = 0;
  #first: EpochMs | null = null;
  #last: EpochMs | null = null;

  constructor(arrivals: number) {
    this.#arrivals = new ArrivalRing(arrivals);
  }

  connected(): void {
    this.#opened++;
    this.#open++;
  }

  disconnected(): void {
    this.#open--;
  }

  arrived(method: string, path: string, at: EpochMs): void {
    this.#total++;
    this.#inFlight++;
    this.#paths.add(path);
    this.#methods.add(method);
    this.#seconds.add(Math.floor(at / 1000));
    this.#arrivals.push(at);
    this.#first ??= at;
    this.#last = at;
  }

  answered(status: number): void {
    this.#statuses.add(status);
  }

  ended(whole: boolean): void {
    this.#inFlight--;
    if (!whole) this.#aborted++;
  }

  /** Forgets the past; connections that are open and requests under way stay as they are. */
  reset(): void {
    for (const tally of [this.#paths, this.#statuses, this.#methods, this.#seconds, this.#arrivals]) tally.clear();
    this.#total = 0;
    this.#aborted = 0;
    this.#opened = 0;
    this.#first = null;
    this.#last = null;
  }

  snapshot(withArrivals = false): TargetStats {
    return {
      total: this.#total,
      paths: this.#paths.toRecord(),
      statuses: this.#statuses.toRecord(),
      methods: this.#methods.toRecord(),
      aborted: this.#aborted,
      inFlight: this.#inFlight,
      connections: { opened: this.#opened, open: this.#open },
      firstArrival: this.#first,
      lastArrival: this.#last,
      perSecond: this.#seconds.toRecord(),
      ...(withArrivals ? { arrivals: this.#arrivals.toArray() } : {}),
    };
  }
}
