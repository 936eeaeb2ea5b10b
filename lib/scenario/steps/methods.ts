// Short forms of `request`, one for each method.
import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Part } from '../session/part.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { request } from './request.js';
import type { RequestOptions } from './requestOptions.js';

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
