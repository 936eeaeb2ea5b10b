import type { Metric } from '../../core/metric.js';
import type { EpochMs } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { SampleScope } from '../../protocols/netSample.js';

/** A request that a scenario sent. */
export interface PlayedRequest<R = HttpRequest> {
  readonly tag: string;
  readonly at: EpochMs;
  readonly request: R;
  /** False when the transport has no script for it. */
  readonly scripted: boolean;
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
  /** Checks and metrics that it carries. */
  readonly metrics: readonly Metric[];
}

/** The events of a scenario that was played. Times are virtual milliseconds from the start. */
export interface ScenarioPlay<R = HttpRequest> {
  readonly requests: readonly PlayedRequest<R>[];
  readonly pauses: readonly PlayedPause[];
  readonly samples: readonly PlayedSample[];
  /** All events on one time line; see `playScenario`. */
  readonly drawing: string;
}

/**
 * Thrown for a scenario that would have ended the run, or that sent a request without a script. The message has the
 * reason and the drawing up to that moment.
 */
export class ScenarioPlayError<R = HttpRequest> extends Error {
  override readonly name = 'ScenarioPlayError';

  /**
   * @param why The reason, as the first line of the message.
   * @param play The events up to that moment.
   * @param cause The error that would have ended the run.
   */
  constructor(
    why: string,
    readonly play: ScenarioPlay<R>,
    override readonly cause: unknown,
  ) {
    super(`${why}\n\n${play.drawing.replaceAll(/^/gm, '  ')}\n`);
  }
}
