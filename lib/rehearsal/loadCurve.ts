import { ignoreElements, tap } from 'rxjs';
import type { Aggregator } from '../core/aggregator.js';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { NetSample } from '../protocols/netSample.js';
import type { RangeWatch } from './modelLane.js';

/** A wait for an instance that is shorter than this is not worth telling. */
const WAIT_FROM_MS: Millis = 1;

/** Notes what the shots of a pool do over time: counts per slot of time, and the first moments of trouble. */
export class LoadCurve implements RangeWatch {
  /** Shots started in each slot. */
  readonly startedIn: number[] = [];
  /** Shots answered in each slot. */
  readonly finishedIn: number[] = [];
  inFlight = 0;
  mostInFlight = 0;
  /** When the most were in flight for the first time; from the start of the run, as all moments here. */
  mostInFlightAt: Millis | null = null;
  /** When the first operation had to wait for an instance: its planned moment. */
  waitsFrom: Millis | null = null;
  discardsFrom: Millis | null = null;
  ammoRanDryAt: Millis | null = null;

  constructor(
    private readonly startAt: EpochMs,
    private readonly slotMs: Millis,
  ) {}

  started(shot: Shot<unknown>, now: EpochMs): void {
    this.#count(this.startedIn, now);
    this.inFlight++;
    if (this.inFlight > this.mostInFlight) {
      this.mostInFlight = this.inFlight;
      this.mostInFlightAt = now - this.startAt;
    }
    if (this.waitsFrom === null && shot.slotWait >= WAIT_FROM_MS) this.waitsFrom = shot.at - this.startAt;
  }

  finished(now: EpochMs): void {
    this.#count(this.finishedIn, now);
    this.inFlight--;
  }

  aborted(): void {
    this.inFlight--;
  }

  #count(counts: number[], now: EpochMs): void {
    const slot = Math.floor((now - this.startAt) / this.slotMs);
    while (counts.length <= slot) counts.push(0);
    counts[slot] = (counts[slot] as number) + 1;
  }

  /** Sees the samples too, since what is discarded is never shot. It reports nothing. */
  readonly discards: Aggregator<NetSample> = (samples) =>
    samples.pipe(
      tap(({ outcome, intended }) => {
        if (outcome !== 'discarded') return;
        this.discardsFrom ??= intended - this.startAt;
        this.waitsFrom ??= this.discardsFrom;
      }),
      ignoreElements(),
    );
}
