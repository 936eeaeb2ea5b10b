import type { Exchange } from '../exchange.js';
import type { Customer } from './shop.js';

/** The customer whose cookie `sid` a request carries. */
export function customerOf({ request, shop }: Exchange): Customer | undefined {
  const sid = /(?:^|;\s*)sid=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  return sid === undefined ? undefined : shop.customer(sid);
}
