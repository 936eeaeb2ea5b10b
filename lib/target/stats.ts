import type { EpochMs } from '../core/units.js';

/** The latest arrival times, up to a fixed number of them. */
class ArrivalRing {
  readonly #times: Float64Array;
  #pushed = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
  }

  push(at: EpochMs): void {
    if (this.#times.length > 0) this.#times[this.#pushed++ % this.#times.length] = at;
  }

  clear(): void {
    this.#pushed = 0;
  }

  /** Oldest first. */
  toArray(): EpochMs[] {
    const { length } = this.#times;
    if (this.#pushed <= length) return [...this.#times.subarray(0, this.#pushed)];
    const oldest = this.#pushed % length;
    return [...this.#times.subarray(oldest), ...this.#times.subarray(0, oldest)];
  }
}

/** The handling of a new key when the tally is full. */
export type WhenFull = 'other' | 'forget-oldest';

/** The name under which keys are counted together when the tally is full. */
const OTHER = '(other)';

/** Counts by key, for a bounded number of keys; further keys are counted together as {@link OTHER}. */
class BoundedTally<K extends string | number> {
  readonly #counts = new Map<K, number>();
  #other = 0;

  constructor(
    private readonly capacity: number,
    private readonly whenFull: WhenFull,
  ) {}

  add(key: K): void {
    const count = this.#counts.get(key);
    if (count !== undefined) {
      this.#counts.set(key, count + 1);
      return;
    }
    if (this.#counts.size >= this.capacity) {
      if (this.whenFull === 'other') {
        this.#other++;
        return;
      }
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    }
    this.#counts.set(key, 1);
  }

  clear(): void {
    this.#counts.clear();
    this.#other = 0;
  }

  toRecord(): Record<string, number> {
    const record: Record<string, number> = Object.fromEntries(this.#counts);
    if (this.#other > 0) record[OTHER] = this.#other;
    return record;
  }
}

/** The counts of a target since its start or its last `/reset-stats`. Requests for the statistics are not counted. */
export interface TargetStats {
  /** Requests that arrived. */
  readonly total: number;
  /** Requests by path without the query. Paths beyond the first 1,000 are counted as `(other)`. */
  readonly paths: Readonly<Record<string, number>>;
  /** Responses by status, counted when a response begins. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  /** Requests whose exchange ended before the response was complete, closed by either side. */
  readonly aborted: number;
  /** Requests that arrived and have neither been responded to nor aborted. */
  readonly inFlight: number;
  readonly connections: {
    /** Connections that were opened since the start or the last reset. */
    readonly opened: number;
    /** Connections that are open now. */
    readonly open: number;
  };
  /** Tunnels that were opened, by the host:port of `CONNECT`. Those beyond the first 1,000 count as `(other)`. */
  readonly tunnels: Readonly<Record<string, number>>;
  /** When the first and the last request arrived; `null` before the first. */
  readonly firstArrival: EpochMs | null;
  readonly lastArrival: EpochMs | null;
  /** Arrivals by whole second of the epoch; the latest 3,600 seconds that had any. */
  readonly perSecond: Readonly<Record<string, number>>;
  /** The latest arrival times in order, when they were requested. */
  readonly arrivals?: readonly EpochMs[];
}

const MAX_PATHS = 1_000;
const MAX_SECONDS = 3_600;

/** Counts the requests and connections of a target, in bounded memory. */
export class StatsRecorder {
  readonly #paths = new BoundedTally<string>(MAX_PATHS, 'other');
  readonly #statuses = new BoundedTally<number>(MAX_PATHS, 'other');
  readonly #methods = new BoundedTally<string>(MAX_PATHS, 'other');
  readonly #tunnels = new BoundedTally<string>(MAX_PATHS, 'other');
  readonly #seconds = new BoundedTally<number>(MAX_SECONDS, 'forget-oldest');
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

  tunnelled(authority: string): void {
    this.#tunnels.add(authority);
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

  responded(status: number): void {
    this.#statuses.add(status);
  }

  ended(whole: boolean): void {
    this.#inFlight--;
    if (!whole) this.#aborted++;
  }

  /** Resets the counters; open connections and requests under way are not affected. */
  reset(): void {
    const tallies = [this.#paths, this.#statuses, this.#methods, this.#tunnels, this.#seconds, this.#arrivals];
    for (const tally of tallies) tally.clear();
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
      tunnels: this.#tunnels.toRecord(),
      firstArrival: this.#first,
      lastArrival: this.#last,
      perSecond: this.#seconds.toRecord(),
      ...(withArrivals ? { arrivals: this.#arrivals.toArray() } : {}),
    };
  }
}
