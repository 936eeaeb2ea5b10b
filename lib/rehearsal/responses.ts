import type { EpochMs } from '../core/units.js';
import type { GrpcCall } from '../protocols/grpc.js';
import type { HttpRequest } from '../protocols/http.js';
import { NET_CODE, NET_FAILURE, type NetFailure } from '../protocols/netFailure.js';
import type { NetSample } from '../protocols/netSample.js';
import { TransportResponse } from '../protocols/transport.js';
import { GRPC_STATUS, protoCodeOf } from '../wire/grpc/grpcStatus.js';

/** A request of scenarios: over HTTP, or a call over gRPC. */
export type ScriptableRequest = HttpRequest | GrpcCall;

const isHttp = (request: ScriptableRequest): request is HttpRequest => 'target' in request;

/** The response to a request, by its parts, or a failure by its name. */
export type ScriptedResponse =
  | {
      /** Default 200. Of a call over gRPC it is the code of its sample, such as 404 for NOT_FOUND. */
      readonly status?: number;
      /** A list repeats the header. */
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      /** At most one of `body` and `json`. */
      readonly body?: string | Uint8Array;
      readonly json?: unknown;
      /** For `assert/response` of calls over gRPC: the message in the text form of protobuf, such as `token:"abc"`. */
      readonly protoText?: string;
    }
  | { readonly failure: keyof typeof NET_FAILURE };

/** A response with the text form of its message, as those of calls over gRPC. */
class ScriptedMessage extends TransportResponse {
  constructor(
    status: number,
    headers: TransportResponse['headers'],
    body: Uint8Array,
    readonly protoText: string,
  ) {
    super(status, headers, body);
  }
}

/** Ends a sample with a failure; that of a call over gRPC as its guns do. */
export function failSample(
  sample: NetSample,
  failure: NetFailure,
  request: ScriptableRequest,
  now: EpochMs,
): NetSample {
  if (isHttp(request)) return sample.failAs(failure, now);
  const { deadlineExceeded, unavailable } = GRPC_STATUS;
  const timedOut = failure.errorName === NET_FAILURE.timeout.errorName;
  sample.failAs({ ...failure, netCode: NET_CODE.ok }, now, protoCodeOf(timedOut ? deadlineExceeded : unavailable));
  sample.verdict = 'failed';
  return sample;
}

/** The response that a script describes, or the failure. */
export function scriptedResponse(script: ScriptedResponse): TransportResponse | NetFailure {
  if ('failure' in script) return NET_FAILURE[script.failure];
  const { status = 200, headers = {}, body, json, protoText } = script;
  const list = Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
  );
  const content = json === undefined ? (body ?? '') : JSON.stringify(json);
  if (json !== undefined && !list.some(([name]) => name.toLowerCase() === 'content-type'))
    list.push(['Content-Type', 'application/json']);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return protoText === undefined
    ? new TransportResponse(status, list, bytes)
    : new ScriptedMessage(status, list, bytes, protoText);
}

/**
 * The responses of a modelled target, by method and path, such as `GET /goods`, or by the method of a call over gRPC, such as
 * `shop.Shop.Login`; `*` matches any text. The first key that matches is used. Each is a response, or a function of the request.
 *
 * @typeParam R The request: `HttpRequest`, or `GrpcCall` for calls over gRPC.
 */
export type TargetResponses<R = HttpRequest> = Readonly<
  Record<string, ScriptedResponse | ((request: R) => ScriptedResponse)>
>;

/** The method of a call in one spelling: `/shop.Shop/Login` is `shop.Shop.Login`. */
const plainMethod = (method: string): string => method.replace(/^\//, '').replace('/', '.');

/** The name of a request in messages, which is also its key: `GET /goods?page=2`, `shop.Shop.Login`. */
export function requestName(request: ScriptableRequest): string {
  return isHttp(request) ? `${request.method} ${request.target}` : plainMethod(request.method);
}

/**
 * Matches requests by a key: those over HTTP by the method, and by the path with or without its query, such as `GET /goods/*`; calls
 * over gRPC by their method, such as `shop.Shop.Login` or `shop.Shop/*`.
 */
export function requestPattern(key: string): (request: ScriptableRequest) => boolean {
  const expressionOf = (text: string): RegExp => {
    const parts = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`);
  };
  const [http, grpc] = [expressionOf(key), expressionOf(plainMethod(key))];
  return (request) => {
    const name = requestName(request);
    return isHttp(request) ? http.test(name) || http.test(`${request.method} ${request.path}`) : grpc.test(name);
  };
}

/** Finds the response to a request; undefined when no key matches. */
export function responder<R extends ScriptableRequest>(
  responses: TargetResponses<R>,
): (request: R) => ScriptedResponse | undefined {
  const known = Object.entries(responses).map(([key, response]) => ({ fits: requestPattern(key), response }));
  return (request) => {
    const found = known.find(({ fits }) => fits(request))?.response;
    return typeof found === 'function' ? found(request) : found;
  };
}
