import type { MonoTypeOperatorFunction } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { Exchange } from '../../protocols/transport.js';
import type { HttpRequest } from '../../protocols/httpRequest.js';
import type { Stage } from '../play/stage.js';
import type { Part } from '../session/part.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { httpRequestOf } from './httpRequestOf.js';
import type { RequestOptions } from './requestOptions.js';
import { send } from './send.js';

const METHOD = /^[A-Za-z][\w-]*$/;

function keepCookies({ response }: Exchange, { target }: HttpRequest, stage: Stage): void {
  const set = response?.allHeaders('set-cookie') ?? [];
  const { cookies, transport } = stage.production.visitor;
  if (set.length > 0) cookies?.keep(set, transport.origin + target, stage.now());
}

/**
 * Sends an HTTP request and waits for its answer. `get`, `post`, `put`, `patch`, `del` and `head` are short forms.
 *
 * ```text
 * flow                           s-----------|
 * request('home', 'GET', '/')    ---s--------|     the answer takes 3 ms
 * ```
 *
 * - Every part is a value or a function of the session's variables; one that is missing does not compile.
 * - Cookies of the visitor are sent, and those of the answer kept, unless cookies are off or `headers` has its own `Cookie`.
 * - A redirect is an answer like others. With `redirect: true` of the gun it is followed, in one sample, but cookies that are set
 *   on the way are not seen; where they matter, send the next request yourself: `extract({ next: header('location') })`.
 * - All else (samples, failures, unsubscribing) as with {@link send}.
 *
 * @param name A part of the tag, such as `login` in `shop/login`.
 * @param path With or without a query, starting with a slash; characters that a URL can't hold are escaped.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a name that can't be a tag, a method that is none, or two kinds of bodies.
 *
 * @example
 * declare const flow: Flow<{ id: number }>;
 * flow.pipe(request('remove', 'DELETE', ({ id }) => `/goods/${id}`, { headers: { 'X-Reason': 'test' } }));
 */
export function request<V extends Vars>(
  name: string,
  method: string,
  path: Part<NoInfer<V>, string>,
  options: RequestOptions<NoInfer<V>> = {},
): MonoTypeOperatorFunction<Session<V>> {
  const where = `request "${name}"`;
  if (!METHOD.test(method)) throw new ElpisError('ELPIS_CONFIG', `${where}: ${JSON.stringify(method)} is no method`);
  const bodies = (['body', 'json', 'form'] as const).filter((key) => options[key] !== undefined);
  if (bodies.length > 1) {
    const hint = 'a request has one body';
    throw new ElpisError('ELPIS_CONFIG', `${where} has ${bodies.join(' and ')}`, { hint });
  }
  const { otherwise = 'end' } = options;
  return send<V, HttpRequest>(name, (_, session) => httpRequestOf(name, method, path, options, session), {
    otherwise,
    answered: (exchange, made, { stage }) => keepCookies(exchange, made, stage),
  });
}
