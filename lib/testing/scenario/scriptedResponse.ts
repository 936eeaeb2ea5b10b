import { NET_FAILURE, type NetFailure } from '../../protocols/netFailure.js';
import { TransportResponse } from '../../protocols/transport.js';

/** What a letter means: a response by its parts, or a failure by its name. */
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
