import type { Millis, PerSecond } from '../core/units.js';
import type { PoolEvent } from '../engine/runEvent.js';
import type { SummarySnapshot } from '../measure/summary.js';

/** What a rehearsal learned about one pool. Moments are milliseconds from the start of the run; `null` for never. */
export interface RehearsedPool {
  readonly pool: string;
  /** Rates in slots of `slotMs`, from the start of the run. */
  readonly rates: {
    readonly slotMs: Millis;
    /** `null` when the schedule cannot tell: it is a stream, or unlimited. */
    readonly planned: readonly PerSecond[] | null;
    readonly started: readonly PerSecond[];
    readonly finished: readonly PerSecond[];
  };
  /** The most instances that were busy at once. */
  readonly instancesNeeded: number;
  /** When they were, for the first time. */
  readonly instancesNeededAt: Millis | null;
  readonly instancesStarted: number;
  /** When a shot wanted ammo and there was no more. */
  readonly ammoRanDryAt: Millis | null;
  /** Planned moment of the first operation that had to wait for an instance, by 1 ms or more. */
  readonly overflowFrom: Millis | null;
  /** Planned moment of the first operation that was discarded. */
  readonly discardsFrom: Millis | null;
  /** Tags of the requests of scenarios for which no response was given: their bodies were empty, for checks and extractors too. */
  readonly withoutResponse: readonly string[];
}

/** What came of a rehearsal. */
export interface Rehearsal {
  /** One per pool, in the order of the pools: what a real run would end with. */
  readonly summaries: readonly SummarySnapshot[];
  /** Everything that the run said, in order. */
  readonly events: readonly PoolEvent[];
  readonly pools: readonly RehearsedPool[];
  /** Of all chance. */
  readonly seed: number;
  /** How long the run took in virtual time. */
  readonly durationMs: Millis;
  /** What failed the run; undefined when nothing did. */
  readonly error: unknown;
}
