import type { Random } from '../../../core/deps.js';
import type { NetFailure } from '../../../protocols/netFailure.js';
import type { NetSample } from '../../../protocols/netSample.js';
import type { TransportResponse } from '../../../protocols/transport.js';
import type { EvaluationError } from '../values/evaluationError.js';
import type { GoMap } from '../values/goValue.js';
import type { MappingContext } from '../values/mapping.js';

/** What a step does when it is played. */
export type StepPart = 'preprocessor' | 'template' | 'postprocessor';

/** A failed step: its sample gets this. */
export interface StepFailure {
  readonly failure: NetFailure;
  /** The response, if there was one. */
  readonly response: TransportResponse | undefined;
  /** What failed; undefined for a failure of the network. */
  readonly error: EvaluationError | undefined;
}

/**
 * A step of a scenario file as it is played, for any protocol: what it computes before the request, the request, what it reads from
 * the response, and what its sample says.
 *
 * @typeParam R The request, in the form of the transport.
 */
export interface PlayableStep<R> {
  /** Templates see the step as `request.NAME`. */
  readonly name: string;
  /** The second part of the tag, `SCENARIO.TAG`. */
  readonly tag: string;
  /** What fails in every run of this step, whatever the target responds. */
  readonly problems: readonly StepProblem[];
  /** The variables of the preprocessor; undefined when there is none. @throws EvaluationError */
  prepare(variables: GoMap, context: MappingContext): GoMap | undefined;
  /** The request. @throws EvaluationError */
  render(variables: GoMap, random: Random): R;
  /** The variables of the postprocessors. @throws EvaluationError */
  process(response: TransportResponse): GoMap;
  /** Changes the tag and the codes of a sample whose step has failed. */
  markFailed(sample: NetSample, failed: StepFailure): void;
}

/** A part of a step that fails in every run, with its way from the step. */
export interface StepProblem {
  readonly part: StepPart;
  /** From the step to the value, such as `['headers', 'X-Id']`. */
  readonly path: readonly (string | number)[];
  readonly value: string;
  readonly error: EvaluationError;
}
