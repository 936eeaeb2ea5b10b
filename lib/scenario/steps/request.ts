import type { MonoTypeOperatorFunction } from 'rxjs';
import { A_FUNCTION, A_TEXT, AN_OBJECT, checkArgument, either } from '../../core/argument.js';
import { defined } from '../../core/defined.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import { NET_CODE, type NetFailure } from '../../protocols/netFailure.js';
import type { Exchange } from '../../protocols/transport.js';
import type { StepScope } from '../context.js';
import { plainName, ScenarioFailure } from '../scenarioFailure.js';
import { type Part, partOf, type Session, type Vars } from '../session.js';
import { refusePromise } from '../userFunction.js';
import type { WhenFailed } from './retry.js';
import { send } from './send.js';

/** A value of a query, a form or a header; `undefined` omits the name. */
export type Scalar = string | number | boolean | undefined;

/** A JSON value; `undefined` omits the key. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** The parts of a request besides method and path. Each is a value, or a function of the session's variables. */
export interface RequestOptions<V extends Vars> {
  /** Appended to the path, escaped. */
  readonly query?: Part<V, Readonly<Record<string, Scalar>>>;
  readonly headers?: Part<V, Readonly<Record<string, Scalar>>>;
  /** Body, sent unchanged. At most one of `body`, `json` and `form`. */
  readonly body?: Part<V, string | Uint8Array>;
  /** Body as JSON, with `Content-Type: application/json` unless `headers` has another. */
  readonly json?: Part<V, Json>;
  /** Body as the fields of an HTML form, with its `Content-Type`. */
  readonly form?: Part<V, Readonly<Record<string, Scalar>>>;
  /**
   * The effect of a request without a complete response (a bad status is a response). Default `end`: the scenario
   * ends.
   */
  readonly otherwise?: WhenFailed;
  /**
   * The longest time from the start of the request to the end of its response, in milliseconds. Default: no separate
   * limit.
   */
  readonly timeoutMs?: Millis;
}

/** The value of a part for a session. */
function partIn<V extends Vars, T>(key: string, part: Part<V, T>, session: Session<V>): T {
  const value = partOf(part, session);
  refusePromise(value, `the part ${key}`);
  return value;
}

type Pair = [name: string, value: string];

function pairsOf(record: Readonly<Record<string, Scalar>>): Pair[] {
  return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

function bodyOf<V extends Vars>(options: RequestOptions<V>, session: Session<V>): [Uint8Array | null, string] {
  const { body, json, form } = options;
  if (json !== undefined)
    return [Buffer.from(JSON.stringify(partIn('json', json, session)) ?? 'null'), 'application/json'];
  if (form !== undefined) {
    const fields = new URLSearchParams(pairsOf(partIn('form', form, session)));
    return [Buffer.from(fields.toString()), 'application/x-www-form-urlencoded'];
  }
  if (body === undefined) return [null, ''];
  const bytes = partIn('body', body, session);
  return [typeof bytes === 'string' ? Buffer.from(bytes) : bytes, ''];
}

/**
 * The URL of a path. A path that a function returns may come from the target, such as the header `Location`, so it
 * may also be a whole URL of the target.
 *
 * @throws ScenarioFailure for a path without a slash, and for a URL of another host.
 */
function urlOf<V extends Vars>(path: string, { scope }: Session<V>): URL {
  const { origin } = scope.run.user.transport;
  if (path.startsWith('/')) return new URL(`http://target${path}`);
  if (URL.canParse(path)) {
    const url = new URL(path);
    if (url.origin === new URL(origin).origin) return url;
  }
  throw new ScenarioFailure(BAD_PATH, scope.span.tag);
}

/** A request whose path cannot be sent to the target. */
const BAD_PATH: NetFailure = { netCode: NET_CODE.other, errorName: 'bad path' };

function targetOf<V extends Vars>(path: string, query: RequestOptions<V>['query'], session: Session<V>) {
  const url = urlOf(path, session);
  if (query !== undefined)
    for (const [key, value] of pairsOf(partIn('query', query, session))) url.searchParams.append(key, value);
  return { target: url.pathname + url.search, path: url.pathname };
}

/** The HTTP request of a session, with the cookies of the virtual user for it. */
function httpRequestOf<V extends Vars>(
  method: string,
  path: Part<V, string>,
  options: RequestOptions<V>,
  session: Session<V>,
): HttpRequest {
  const { run } = session.scope;
  const { cookies, transport } = run.user;
  const where = targetOf(String(partIn('path', path, session)), options.query, session);
  const [body, type] = bodyOf(options, session);
  const headers = options.headers === undefined ? [] : pairsOf(partIn('headers', options.headers, session));
  const has = (lower: string): boolean => headers.some(([each]) => each.toLowerCase() === lower);
  if (type !== '' && !has('content-type')) headers.push(['Content-Type', type]);
  const kept = has('cookie') ? '' : (cookies?.header(transport.origin + where.target, run.scheduler.now()) ?? '');
  if (kept !== '') headers.push(['Cookie', kept]);
  const host = headers.find(([each]) => each.toLowerCase() === 'host')?.[1] ?? '';
  return {
    method,
    ...where,
    host,
    headers: headers.filter(([each]) => each.toLowerCase() !== 'host'),
    body,
    close: false,
    chunked: false,
  };
}

const METHOD = /^[A-Za-z][\w-]*$/;

function keepCookies({ response, sample }: Exchange, { target }: HttpRequest, scope: StepScope): void {
  const set = response?.allHeaders('set-cookie') ?? [];
  const { cookies, transport } = scope.run.user;
  if (set.length === 0 || cookies === undefined) return;
  const dropped = cookies.keep(set, transport.origin + target, scope.now());
  if (dropped > 0) sample.measure({ kind: 'counter', name: 'cookies dropped', value: dropped });
}

/**
 * Sends an HTTP request and waits for its response. `get`, `post`, `put`, `patch`, `del` and `head` are short forms.
 *
 * ```text
 * flow                           s-----------|
 * request('home', 'GET', '/')    ---s--------|     the response takes 3 ms
 * ```
 *
 * - Every part is a value or a function of the session's variables; a missing variable is a compile error.
 * - Cookies of the virtual user are sent, and cookies of the response are kept, unless cookies are off or `headers`
 *   has its own `Cookie`.
 * - A redirect is a normal response. With `redirect: true` of the gun it is followed, in one sample, but cookies that
 *   it sets are not kept. If these are needed, send the next request in the scenario:
 *   `extract({ next: header('location') })`.
 * - Samples, failures and unsubscribing are as with {@link send}.
 *
 * @param name A part of the tag, such as `login` in `shop/login`.
 * @param path With or without a query, starting with a slash; characters that a URL cannot contain are escaped. A
 *   function may also return a URL of the target, such as the header `Location`; any other result is the failed
 *   sample `bad path`.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a name that cannot be a tag, an invalid method, a path without a slash, a
 *   timeout that is not above 0, or two kinds of bodies.
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
  plainName('request', name);
  const where = `request "${name}"`;
  checkArgument(where, 'method', method, A_TEXT);
  checkArgument(where, 'path', path, either(A_TEXT, A_FUNCTION));
  checkArgument(where, 'options', options, AN_OBJECT);
  if (!METHOD.test(method)) throw new ElpisError('ELPIS_CONFIG', `${where}: ${JSON.stringify(method)} is not a method`);
  if (typeof path === 'string' && !path.startsWith('/')) {
    throw new ElpisError('ELPIS_CONFIG', `${where}: the path is ${JSON.stringify(path)}`, {
      hint: 'a path starts with a slash; the host is the target of the gun',
    });
  }
  const bodies = (['body', 'json', 'form'] as const).filter((key) => options[key] !== undefined);
  if (bodies.length > 1) {
    const hint = 'a request has one body';
    throw new ElpisError('ELPIS_CONFIG', `${where} has ${bodies.join(' and ')}`, { hint });
  }
  const { otherwise = 'end', timeoutMs } = options;
  return send<V, HttpRequest>(name, (_, session) => httpRequestOf(method, path, options, session), {
    otherwise,
    ...defined({ timeoutMs }),
    responded: (exchange, made, { scope }) => keepCookies(exchange, made, scope),
  });
}

// Short forms of `request`, one for each method.
type Sender = <V extends Vars>(
  name: string,
  path: Part<NoInfer<V>, string>,
  options?: RequestOptions<NoInfer<V>>,
) => MonoTypeOperatorFunction<Session<V>>;

const by =
  (method: string): Sender =>
  (name, path, options) =>
    request(name, method, path, options);

/** A GET request. @example scenario('s', get('goods', '/goods', { query: { page: 2 } })) */
export const get = by('GET');
/** A POST request. @example scenario('s', post('login', '/login', { form: { user: 'ann', password: 'x' } })) */
export const post = by('POST');
/** A PUT request. @example scenario('s', put('item', '/items/7', { json: { amount: 2 } })) */
export const put = by('PUT');
/** A PATCH request. @example scenario('s', patch('item', '/items/7', { json: { amount: 3 } })) */
export const patch = by('PATCH');
/** A DELETE request. @example scenario('s', del('item', '/items/7')) */
export const del = by('DELETE');
/** A HEAD request. @example scenario('s', head('ping', '/')) */
export const head = by('HEAD');
