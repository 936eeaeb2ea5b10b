import type { HttpRequest } from '../protocols/http.js';
import { NET_FAILURE, type NetFailure } from '../protocols/netFailure.js';
import { TransportResponse } from '../protocols/transport.js';

/** The response to a request, by its parts, or a failure by its name. */
export type ScriptedResponse =
  | {
      /** Default 200. */
      readonly status?: number;
      /** A list repeats the header. */
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      /** At most one of `body` and `json`. */
      readonly body?: string | Uint8Array;
      readonly json?: unknown;
    }
  | { readonly failure: keyof typeof NET_FAILURE };

/** The response that a script describes, or the failure. */
export function scriptedResponse(script: ScriptedResponse): TransportResponse | NetFailure {
  if ('failure' in script) return NET_FAILURE[script.failure];
  const { status = 200, headers = {}, body, json } = script;
  const list = Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
  );
  const content = json === undefined ? (body ?? '') : JSON.stringify(json);
  if (json !== undefined && !list.some(([name]) => name.toLowerCase() === 'content-type'))
    list.push(['Content-Type', 'application/json']);
  return new TransportResponse(status, list, typeof content === 'string' ? Buffer.from(content) : content);
}

/**
 * The responses of a modelled target, by method and path, such as `GET /goods`; `*` matches any text. The first key
 * that matches is used. Each is a response, or a function of the request.
 */
export type TargetResponses = Readonly<Record<string, ScriptedResponse | ((request: HttpRequest) => ScriptedResponse)>>;

/**
 * Matches requests by a key such as `GET /goods/*`: by the method, and by the path with or without its query.
 */
export function requestPattern(key: string): (request: HttpRequest) => boolean {
  const parts = key.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return ({ method, target, path }) => expression.test(`${method} ${target}`) || expression.test(`${method} ${path}`);
}

/** Finds the response to a request; undefined when no key matches. */
export function responder(responses: TargetResponses): (request: HttpRequest) => ScriptedResponse | undefined {
  const known = Object.entries(responses).map(([key, response]) => ({ fits: requestPattern(key), response }));
  return (request) => {
    const found = known.find(({ fits }) => fits(request))?.response;
    return typeof found === 'function' ? found(request) : found;
  };
}
