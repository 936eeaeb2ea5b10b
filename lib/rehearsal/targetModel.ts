import type { Random } from '../core/deps.js';
import type { EpochMs, Millis } from '../core/units.js';

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
