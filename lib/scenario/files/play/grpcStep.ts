import type { Random } from '../../../core/deps.js';
import { describeError } from '../../../core/errorContext.js';
import { type ExactJsonMap, parseExactJson } from '../../../protocols/exactJson.js';
import type { GrpcCall, GrpcMetadata } from '../../../protocols/grpc.js';
import type { NetSample } from '../../../protocols/netSample.js';
import type { TransportResponse } from '../../../protocols/transport.js';
import type { GrpcAssertion, GrpcCallStep } from '../model.js';
import type { Template } from '../templates/template.js';
import { EvaluationError } from '../values/evaluationError.js';
import { firstJson } from '../values/firstJson.js';
import type { PrintOptions } from '../values/goPrint.js';
import { type GoMap, isMap, shown } from '../values/goValue.js';
import type { MappingContext } from '../values/mapping.js';
import { FAILED_TAG } from './httpStep.js';
import type { PlayableStep, StepFailure, StepProblem } from './playableStep.js';
import { evaluateMappings, type Mapping, StepReader } from './stepParts.js';

/** A response to a call, as transports of gRPC return it: the status is the mapped code, the body the message in JSON. */
type GrpcResponse = TransportResponse & {
  /** The message in the text form of protobuf; undefined without a message. */
  readonly protoText?: string | undefined;
};

/** Status of a sample whose payload does not fit its message. */
const BAD_PAYLOAD = 400;

/** The payload of a call. An empty text is an empty message. @throws EvaluationError `bad-payload`. */
function payloadOf(text: string): ExactJsonMap | null {
  if (text.trim() === '') return null;
  const wrong = (why: string): never => {
    throw new EvaluationError('bad-payload', `the payload ${shown(text)} cannot be used: ${why}`);
  };
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    wrong(describeError(error));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong('it is no object of JSON');
  return value as ExactJsonMap;
}

/** The message in text form. @throws EvaluationError `too-deep` for a message that recursive code cannot write. */
function textOf(response: GrpcResponse): string | undefined {
  try {
    return response.protoText;
  } catch (error) {
    throw new EvaluationError('too-deep', `the message has no text form: ${describeError(error)}`);
  }
}

/** @throws EvaluationError for the first check that fails. */
function check(response: GrpcResponse, { statusCode, payload }: GrpcAssertion): void {
  if (statusCode !== 0 && statusCode !== response.status)
    throw new EvaluationError('status-mismatch', `the code is ${response.status}, expected ${statusCode}`);
  if (payload.length === 0) return;
  const protoText = textOf(response);
  for (const pattern of payload) {
    if (protoText?.includes(pattern) === true) continue;
    const found = protoText === undefined ? 'there is no message' : `the message is ${shown(protoText)}`;
    throw new EvaluationError('body-mismatch', `${found}, expected ${shown(pattern)} in it`);
  }
}

/** A call of a scenario file as it is played over gRPC. */
export class GrpcStep implements PlayableStep<GrpcCall> {
  readonly name: string;
  readonly tag: string;
  readonly problems: readonly StepProblem[];
  readonly #method: string;
  readonly #mappings: readonly Mapping[];
  readonly #payload: Template;
  readonly #metadata: readonly (readonly [name: string, value: Template])[];
  readonly #assertions: readonly GrpcAssertion[];
  /** The call when no part of it depends on variables: encoded once. */
  readonly #constant: boolean;
  #call: GrpcCall | undefined;

  constructor(
    { name, call, payload, metadata, tag, preprocessors, postprocessors }: GrpcCallStep,
    print: PrintOptions,
  ) {
    const reader = new StepReader(print);
    this.name = name;
    this.tag = tag;
    this.#method = call;
    this.#mappings = preprocessors.map(({ mapping }, i) => reader.mapping(mapping, 'preprocessors', i, 'mapping'));
    this.#payload = reader.template(payload, 'text', 'payload');
    this.#metadata = Object.entries(metadata).map(([key, text]) => [
      key,
      reader.template(text, 'text', 'metadata', key),
    ]);
    this.#assertions = postprocessors;
    this.#constant = [payload, ...Object.values(metadata)].every((text) => !text.includes('{{'));
    if (this.#constant) {
      try {
        payloadOf(payload);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        reader.problems.push({ part: 'template', path: ['payload'], value: payload, error });
      }
    }
    this.problems = reader.problems;
  }

  prepare(variables: GoMap, context: MappingContext): GoMap | undefined {
    return this.#mappings.length === 0 ? undefined : evaluateMappings(this.#mappings, variables, context);
  }

  render(variables: GoMap, random: Random): GrpcCall {
    if (this.#constant && this.#call !== undefined) return this.#call;
    const metadata = this.#metadata.map(([name, value]) => [name, value.render(variables, random)] as const);
    const call: GrpcCall = {
      method: this.#method,
      metadata: metadata.length === 0 ? null : (Object.fromEntries(metadata) as GrpcMetadata),
      payload: payloadOf(this.#payload.render(variables, random)),
    };
    if (this.#constant) this.#call = call;
    return call;
  }

  /** The fields of the message are the variables. */
  process(response: TransportResponse): GoMap {
    for (const assertion of this.#assertions) check(response, assertion);
    if (response.size === 0) return {};
    const message = firstJson(response.body, response.text);
    return isMap(message) ? message : {};
  }

  markFailed(sample: NetSample, { failure, response, error }: StepFailure): void {
    sample.tag += FAILED_TAG;
    // A failure of the call has the codes of its transport.
    if (error === undefined) return;
    sample.protoCode = error.code === 'bad-payload' ? BAD_PAYLOAD : 0;
    sample.netCode = 0;
    sample.errorName = failure.errorName;
    sample.verdict = response === undefined ? 'failed' : 'bad';
  }
}
