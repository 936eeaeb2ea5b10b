import type { Random } from '../../../core/deps.js';
import { canonicalName } from '../../../protocols/headerName.js';
import type { HttpRequest } from '../../../protocols/http.js';
import { NET_CODE } from '../../../protocols/netFailure.js';
import type { NetSample } from '../../../protocols/netSample.js';
import { parseUrl, withoutEmptyPort } from '../../../protocols/requestUrl.js';
import type { TransportResponse } from '../../../protocols/transport.js';
import type { HttpPostprocessor, HttpRequestStep } from '../model.js';
import { assertResponse } from '../processors/assertResponse.js';
import type { CompiledPostprocessor } from '../processors/postprocessor.js';
import { varHeader } from '../processors/varHeader.js';
import { varJsonPath } from '../processors/varJsonPath.js';
import { varXPath } from '../processors/varXPath.js';
import type { Template } from '../templates/template.js';
import { EvaluationError } from '../values/evaluationError.js';
import type { PrintOptions } from '../values/goPrint.js';
import { type GoMap, type GoValue, shown } from '../values/goValue.js';
import type { MappingContext } from '../values/mapping.js';
import type { PlayableStep, StepFailure, StepProblem } from './playableStep.js';
import { evaluateMappings, type Mapping, StepReader } from './stepParts.js';

/** The tag of a step that has failed ends in this, as with Pandora. */
export const FAILED_TAG = '|__EMPTY__';

function compilePostprocessor(postprocessor: HttpPostprocessor): CompiledPostprocessor {
  switch (postprocessor.type) {
    case 'var/jsonpath':
      return varJsonPath(postprocessor.mapping);
    case 'var/xpath':
      return varXPath(postprocessor.mapping);
    case 'var/header':
      return varHeader(postprocessor.mapping);
    case 'assert/response':
      return assertResponse(postprocessor);
  }
}

/** The request of a target. @throws EvaluationError `bad-url`. */
function requestOf(
  method: string,
  uri: string,
  headers: readonly [name: string, value: string][],
  body: string | undefined,
): HttpRequest {
  const url = parseUrl(uri, 'reference');
  if (typeof url === 'string') throw new EvaluationError('bad-url', `the uri ${shown(uri)} cannot be used: ${url}`);
  // A name that is written twice has its last value, as with `Header.Set` of Go.
  const byName = new Map(headers);
  const host = url.host === '' ? (byName.get('Host') ?? '') : withoutEmptyPort(url.host);
  byName.delete('Host');
  return {
    method: method === '' ? 'GET' : method,
    target: url.target,
    path: url.path,
    host,
    headers: [...byName],
    body: body === undefined ? null : Buffer.from(body),
    close: false,
    chunked: false,
  };
}

/** A request of a scenario file as it is played over HTTP, by any transport of HTTP requests. */
export class HttpStep implements PlayableStep<HttpRequest> {
  readonly name: string;
  readonly tag: string;
  readonly problems: readonly StepProblem[];
  readonly #mapping: Mapping | undefined;
  readonly #method: string;
  readonly #uri: Template;
  readonly #headers: readonly (readonly [name: string, value: Template])[];
  readonly #body: Template | undefined;
  readonly #postprocessors: readonly CompiledPostprocessor[];
  /** The request when no part of it depends on variables: encoded once. */
  readonly #constant: boolean;
  #request: HttpRequest | undefined;

  constructor(
    { name, method, uri, headers, body, preprocessor, postprocessors, templater }: HttpRequestStep,
    print: PrintOptions,
  ) {
    const reader = new StepReader(print);
    const { problems } = reader;
    this.name = name;
    this.tag = name;
    this.#method = method;
    this.#uri = reader.template(uri, templater, 'uri');
    this.#headers = Object.entries(headers).map(([key, text]) => [
      canonicalName(key),
      reader.template(text, templater, 'headers', key),
    ]);
    this.#body = body === undefined ? undefined : reader.template(body, templater, 'body');
    this.#constant = [uri, body ?? '', ...Object.values(headers)].every((text) => !text.includes('{{'));
    this.#mapping = preprocessor === undefined ? undefined : reader.mapping(preprocessor, 'preprocessor', 'mapping');
    this.#postprocessors = postprocessors.map((each, i) => {
      const compiled = compilePostprocessor(each);
      for (const { key, error } of compiled.problems) {
        const value = each.type === 'assert/response' ? '' : (each.mapping[key] ?? '');
        problems.push({ part: 'postprocessor', path: ['postprocessors', i, 'mapping', key], value, error });
      }
      return compiled;
    });
    this.problems = problems;
  }

  prepare(variables: GoMap, context: MappingContext): GoMap | undefined {
    return this.#mapping === undefined ? undefined : evaluateMappings([this.#mapping], variables, context);
  }

  render(variables: GoMap, random: Random): HttpRequest {
    if (this.#constant && this.#request !== undefined) return this.#request;
    const request = requestOf(
      this.#method,
      this.#uri.render(variables, random),
      this.#headers.map(([name, value]) => [name, value.render(variables, random)]),
      this.#body?.render(variables, random),
    );
    if (this.#constant) this.#request = request;
    return request;
  }

  process(response: TransportResponse): GoMap {
    const variables = Object.create(null) as Record<string, GoValue>;
    for (const { extract } of this.#postprocessors)
      for (const [name, value] of extract(response)) variables[name] = value;
    return variables;
  }

  markFailed(sample: NetSample, { failure, response, error }: StepFailure): void {
    sample.tag += FAILED_TAG;
    sample.protoCode = 0;
    sample.netCode = failure.netCode === NET_CODE.ok ? NET_CODE.other : failure.netCode;
    sample.errorName = failure.errorName;
    // The target has responded; phout shows 999 as for any failed step, but totals tell the two apart.
    if (response !== undefined && error !== undefined) sample.verdict = 'bad';
  }
}
