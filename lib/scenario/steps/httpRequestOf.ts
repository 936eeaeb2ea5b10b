import { ElpisError } from '../../core/errors.js';
import type { HttpRequest } from '../../protocols/httpRequest.js';
import { partOf } from '../session/part.js';
import type { Part } from '../session/part.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import type { RequestOptions, Scalar } from './requestOptions.js';

type Pair = [name: string, value: string];

function pairsOf(record: Readonly<Record<string, Scalar>>): Pair[] {
  return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

function bodyOf<V extends Vars>(options: RequestOptions<V>, session: Session<V>): [Uint8Array | null, string] {
  const { body, json, form } = options;
  if (json !== undefined) return [Buffer.from(JSON.stringify(partOf(json, session)) ?? 'null'), 'application/json'];
  if (form !== undefined) {
    const fields = new URLSearchParams(pairsOf(partOf(form, session)));
    return [Buffer.from(fields.toString()), 'application/x-www-form-urlencoded'];
  }
  if (body === undefined) return [null, ''];
  const bytes = partOf(body, session);
  return [typeof bytes === 'string' ? Buffer.from(bytes) : bytes, ''];
}

function targetOf<V extends Vars>(name: string, path: string, query: RequestOptions<V>['query'], session: Session<V>) {
  if (!path.startsWith('/')) {
    throw new ElpisError('ELPIS_SHOT', `request "${name}": the path is ${JSON.stringify(path)}`, {
      hint: 'a path starts with a slash; the host is the target of the gun',
    });
  }
  const url = new URL(`http://target${path}`);
  if (query !== undefined)
    for (const [key, value] of pairsOf(partOf(query, session))) url.searchParams.append(key, value);
  return { target: url.pathname + url.search, path: url.pathname };
}

/** An HTTP request of its parts for a session, with the cookies that the visitor has for it. */
export function httpRequestOf<V extends Vars>(
  name: string,
  method: string,
  path: Part<V, string>,
  options: RequestOptions<V>,
  session: Session<V>,
): HttpRequest {
  const { production } = session.stage;
  const { cookies, transport } = production.visitor;
  const where = targetOf(name, partOf(path, session), options.query, session);
  const [body, type] = bodyOf(options, session);
  const headers = options.headers === undefined ? [] : pairsOf(partOf(options.headers, session));
  const has = (lower: string): boolean => headers.some(([each]) => each.toLowerCase() === lower);
  if (type !== '' && !has('content-type')) headers.push(['Content-Type', type]);
  const kept = has('cookie')
    ? ''
    : (cookies?.header(transport.origin + where.target, production.scheduler.now()) ?? '');
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
