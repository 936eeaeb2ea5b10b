import type { EpochMs } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { SampleScope } from '../../protocols/netSample.js';

/** A request that a scenario sent. */
export interface PlayedRequest {
  readonly tag: string;
  readonly at: EpochMs;
  readonly request: HttpRequest;
}

/** A pause that a scenario made. */
export interface PlayedPause {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** A sample that a scenario emitted. */
export interface PlayedSample {
  readonly tag: string;
  readonly scope: SampleScope;
  readonly index: number;
  readonly instance: number;
  readonly intended: EpochMs;
  readonly started: EpochMs;
  readonly ended: EpochMs;
  readonly netCode: number;
  readonly status: number;
  /** Name of the failure; empty for none. */
  readonly error: string;
}

/** All that happened when a scenario was played. Times are virtual milliseconds from the start. */
export interface ScenarioPlay {
  readonly requests: readonly PlayedRequest[];
  readonly pauses: readonly PlayedPause[];
  readonly samples: readonly PlayedSample[];
  /** The error that would have ended the run. */
  readonly error: unknown;
  /** All of it on one line of time; see `playScenario`. */
  readonly drawing: string;
}
