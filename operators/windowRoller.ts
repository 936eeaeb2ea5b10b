import type { TimedSample } from '../lib/core/timedSample.js';
import type { EpochMs, Millis } from '../lib/core/units.js';
import { SampleTimes } from '../lib/coreutil/sampleTimes.js';
import type { Window } from './window.js';
import { WindowTags } from './windowTags.js';

/** Counts samples in one aligned window after another. Has no timer of its own: it is told the time. */
export class WindowRoller {
  readonly #times = new SampleTimes();
  #tags: WindowTags;
  #startsAt: EpochMs;
  /** Number of the current window, from the origin. */
  #number: number;
  /** When the current window ends. */
  endsAt: EpochMs;

  constructor(
    private readonly everyMs: Millis,
    private readonly origin: EpochMs,
    private readonly tagLimit: number,
    now: EpochMs,
    private readonly onWindow: (window: Window) => void,
  ) {
    this.#tags = new WindowTags(tagLimit);
    this.#startsAt = now;
    this.#number = Math.floor((now - origin) / everyMs);
    this.endsAt = this.#boundary(this.#number + 1);
  }

  #boundary(number: number): EpochMs {
    return this.origin + number * this.everyMs;
  }

  record(sample: TimedSample, tag: string): void {
    this.#tags.record(sample, tag, this.#times.of(sample));
  }

  /** Ends every window that is over. */
  roll(now: EpochMs): void {
    while (now >= this.endsAt) this.#close(this.endsAt);
  }

  /** Ends all windows, the current one early. */
  end(now: EpochMs): void {
    this.roll(now);
    if (now > this.#startsAt || this.#tags.used) this.#close(Math.max(now, this.#startsAt));
  }

  #close(endsAt: EpochMs): void {
    const partial = endsAt < this.endsAt || this.#startsAt > this.#boundary(this.#number);
    const window = this.#tags.close(this.#startsAt, endsAt, partial);
    // The next window is begun before anybody is told, for those who answer with a sample.
    this.#tags = new WindowTags(this.tagLimit);
    this.#startsAt = endsAt;
    this.#number++;
    this.endsAt = this.#boundary(this.#number + 1);
    this.onWindow(window);
  }
}
