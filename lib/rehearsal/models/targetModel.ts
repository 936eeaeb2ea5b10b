import type { Random } from '../../core/deps.js';
import type { EpochMs, Millis } from '../../core/units.js';

/** What a modelled target answers to one request. One object is reused: a rule changes it in place. */
export interface TargetAnswer {
  /** From the arrival of the request to the end of its answer; `Infinity` for an answer that never comes. */
  afterMs: Millis;
  /** HTTP status; 0 when none came. */
  status: number;
  /** `NET_CODE`: 0 when a complete answer came. */
  netCode: number;
  /** Stable name of the failure; empty when there was none. */
  errorName: string;
}

/**
 * Decides the answer to a request that arrives `now`. Called in the order of arrival, so it may keep state; it MUST NOT
 * look at a clock of its own. It finds the answer of what stands before it, by default status 200 after 0 ms.
 */
export type AnswerRule = (answer: TargetAnswer, now: EpochMs, tag: string) => void;

/** What a modelled target is started with. */
export interface TargetStart {
  /** All chance comes from here, so that the same seed gives the same answers. */
  readonly random: Random;
  /** The start of the run, from which scripts count. */
  readonly startAt: EpochMs;
}

/** A model of a target: what a rehearsal shoots at. Each `start` is a target of its own, with no memory of another. */
export interface TargetModel {
  /** The model as text, for people. */
  readonly name: string;
  start(start: TargetStart): AnswerRule;
}

/**
 * Several models as one target: their times add up, and the first failure is the answer. Such as a network before a queue.
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
      return (answer, now, tag) => {
        for (const rule of rules) {
          rule(answer, now, tag);
          if (answer.netCode !== 0 || answer.status >= 400) return;
        }
      };
    },
  };
}

/** How long it takes to be turned away: about a round trip in one data centre. */
export const REFUSED_AFTER_MS: Millis = 0.1;

/** No answer is faster, so that virtual time always moves. */
export const FASTEST_MS: Millis = 0.001;
