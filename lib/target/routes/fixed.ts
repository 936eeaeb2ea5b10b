import type { Route } from '../route.js';

const OK = Buffer.from('ok\n');

/** `/`: 200 and `ok`, as fast as the server can. */
export const fixed: Route = {
  parameters: [],
  handle: (exchange) => exchange.answer(200, OK),
};
