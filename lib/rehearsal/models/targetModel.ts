import type { Random } from '../../core/deps.js';
import type { EpochMs, Millis } from '../../core/units.js';

/** The response of a modelled target to one request. One object is reused: a rule changes it in place. */
export interface ModelResponse {
  /** From the arrival of the request to the end of its response; `Infinity` for no response. */
  afterMs: Millis;
  /** HTTP status; 0 when there is none. */
  status: number;
  /** `NET_CODE`: 0 when the response is complete. */
  netCode: number;
  /** Stable name of the failure; empty when there was none. */
  errorName: string;
}

/**
 * Decides the response to a request that arrives `now`. Called in the order of arrival, so it may keep state. It MUST
 * NOT use another clock. It receives the response of the model before it, by default status 200 after 0 ms.
 */
export type ResponseRule = (response: ModelResponse, now: EpochMs, tag: string) => void;

/** Arguments of the start of a modelled target. */
export interface TargetStart {
  /** The only source of random numbers, so that the same seed gives the same responses. */
  readonly random: Random;
  /** The start of the run, from which scripts count. */
  readonly startAt: EpochMs;
}

/** A model of a target for a rehearsal. Each `start` is a separate target with its own state. */
export interface TargetModel {
  /** The model as text, for messages. */
  readonly name: string;
  start(start: TargetStart): ResponseRule;
}

/**
 * Several models as one target, such as a network before a queue. Their times add up, and the first failure is the
 * response.
 *
 * Formula: `T = T1 + T2 + ...`, up to the first model that fails.
 *
 * @example
 * const target = inSeries(constantLatency(5), queueModel({ servers: 8, service: 5 }));
 */
export function inSeries(...models: readonly TargetModel[]): TargetModel {
  return {
    name: models.map(({ name }) => name).join(' + '),
    start: (start) => {
      const rules = models.map((model) => model.start(start));
      return (response, now, tag) => {
        for (const rule of rules) {
          rule(response, now, tag);
          if (response.netCode !== 0 || response.status >= 400) return;
        }
      };
    },
  };
}

/** The time of a refused connection: about a round trip in one data centre. */
export const REFUSED_AFTER_MS: Millis = 0.1;

/** The fastest response, so that virtual time always moves. */
export const MIN_RESPONSE_MS: Millis = 0.001;
