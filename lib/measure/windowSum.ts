import { CONNECTION_PHASES, type ConnectionPhase, withPhases } from './connectionCounts.js';
import { bucketIndex, EMPTY_HISTOGRAM, type Histogram, lowestOfBucket, mergeHistograms } from './histogram.js';
import { mergeWindows, type Window } from './window.js';
import { EMPTY_COUNTS, mergeCounts, type WindowCounts } from './windowCounts.js';

/** Counts of a histogram with room to grow: 16 KiB for times below 2 ms, up to 184 KiB for an hour. */
class HistogramSum {
  #counts = new Float64Array(2048);
  #sum = EMPTY_HISTOGRAM;
  /** The first and the last bucket in use. */
  #bottom = Number.POSITIVE_INFINITY;
  #top = 0;

  add(histogram: Histogram): void {
    const { buckets } = histogram;
    if (histogram.count === 0) return;
    this.#sum = mergeHistograms(
      { ...this.#sum, buckets: EMPTY_HISTOGRAM.buckets },
      { ...histogram, buckets: EMPTY_HISTOGRAM.buckets },
    );
    this.#bottom = Math.min(this.#bottom, bucketIndex(buckets[0] as number));
    this.#top = Math.max(this.#top, bucketIndex(buckets[buckets.length - 2] as number));
    if (this.#top >= this.#counts.length) this.#grow(this.#top);
    for (let i = 0; i < buckets.length; i += 2) {
      const index = bucketIndex(buckets[i] as number);
      this.#counts[index] = (this.#counts[index] as number) + (buckets[i + 1] as number);
    }
  }

  get histogram(): Histogram {
    if (this.#sum.count === 0) return EMPTY_HISTOGRAM;
    const [counts, bottom, top] = [this.#counts, this.#bottom, this.#top];
    let used = 0;
    for (let index = bottom; index <= top; index++) if (counts[index] !== 0) used++;
    const buckets = new Float64Array(2 * used);
    let length = 0;
    for (let index = bottom; index <= top; index++) {
      if (counts[index] === 0) continue;
      buckets[length++] = lowestOfBucket(index);
      buckets[length++] = counts[index] as number;
    }
    return { ...this.#sum, buckets };
  }

  #grow(index: number): void {
    const grown = new Float64Array((Math.floor(index / 2048) + 1) * 2048);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

const TIMELESS = { response: EMPTY_HISTOGRAM, service: EMPTY_HISTOGRAM };

/** Counts, with their histograms. */
class CountsSum {
  #rest = EMPTY_COUNTS;
  readonly #response = new HistogramSum();
  readonly #service = new HistogramSum();

  add(counts: WindowCounts): void {
    this.#rest = mergeCounts(this.#rest, { ...counts, ...TIMELESS });
    this.#response.add(counts.response);
    this.#service.add(counts.service);
  }

  get counts(): WindowCounts {
    return { ...this.#rest, response: this.#response.histogram, service: this.#service.histogram };
  }
}

type CountsByTag = ReadonlyMap<string, WindowCounts>;

/** Counts by tag. */
class TagsSum {
  readonly #tags = new Map<string, CountsSum>();

  add(tags: CountsByTag): void {
    for (const [tag, counts] of tags) {
      const known = this.#tags.get(tag) ?? new CountsSum();
      this.#tags.set(tag, known);
      known.add(counts);
    }
  }

  get counts(): CountsByTag {
    return new Map([...this.#tags].map(([tag, sum]) => [tag, sum.counts]));
  }
}

/**
 * Adds windows up, one after another, with the same result as `mergeWindows` over all of them. Adding a window takes time for its own
 * values only, not for those of all windows before it; the sum is made when it is read.
 *
 * @example
 * declare const windows: readonly Window[];
 * const sum = new WindowSum();
 * for (const window of windows) sum.add(window);
 * assert.deepEqual(sum.window, windows.reduce(mergeWindows));
 */
export class WindowSum {
  #rest: Window | undefined;
  #window: Window | undefined;
  #untagged: Window | undefined;
  readonly #total = new CountsSum();
  readonly #tags = new TagsSum();
  readonly #groups = new TagsSum();
  readonly #scenarios = new TagsSum();
  readonly #slotWait = new HistogramSum();
  readonly #lateness = new HistogramSum();
  readonly #loopDelay = new HistogramSum();
  readonly #phases = new Map(CONNECTION_PHASES.map((phase) => [phase, new HistogramSum()]));

  add(window: Window): void {
    this.#window = undefined;
    this.#untagged = undefined;
    const bare: Window = {
      ...window,
      total: EMPTY_COUNTS,
      ...{ tags: new Map(), groups: new Map(), scenarios: new Map() },
      ...{ slotWait: EMPTY_HISTOGRAM, lateness: EMPTY_HISTOGRAM },
      loop: { ...window.loop, delay: EMPTY_HISTOGRAM },
      connections: withPhases(window.connections, () => EMPTY_HISTOGRAM),
    };
    this.#rest = this.#rest === undefined ? bare : mergeWindows(this.#rest, bare);
    this.#total.add(window.total);
    this.#tags.add(window.tags);
    this.#groups.add(window.groups);
    this.#scenarios.add(window.scenarios);
    this.#slotWait.add(window.slotWait);
    this.#lateness.add(window.lateness);
    this.#loopDelay.add(window.loop.delay);
    for (const [phase, sum] of this.#phases) sum.add(window.connections.phases[phase]);
  }

  #phaseOf(phase: ConnectionPhase): Histogram {
    return this.#phases.get(phase)?.histogram ?? EMPTY_HISTOGRAM;
  }

  /** The sum without rows for tags, which is cheap to read; undefined before the first window. */
  get untagged(): Window | undefined {
    const rest = this.#rest;
    if (rest === undefined) return undefined;
    this.#untagged ??= {
      ...rest,
      total: this.#total.counts,
      ...{ slotWait: this.#slotWait.histogram, lateness: this.#lateness.histogram },
      loop: { ...rest.loop, delay: this.#loopDelay.histogram },
      connections: withPhases(rest.connections, (_, phase) => this.#phaseOf(phase)),
    };
    return this.#untagged;
  }

  /** The sum; undefined before the first window. */
  get window(): Window | undefined {
    const { untagged } = this;
    if (untagged === undefined) return undefined;
    this.#window ??= {
      ...untagged,
      ...{ tags: this.#tags.counts, groups: this.#groups.counts, scenarios: this.#scenarios.counts },
    };
    return this.#window;
  }
}
