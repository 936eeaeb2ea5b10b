import type { Route } from '../route.js';

/** `/fail/PERCENT`: 500 for that share of the requests, chosen by the seed, and 200 for the others. */
export const fail: Route = {
  parameters: [{ name: 'PERCENT', min: 0, max: 100, fraction: true }],
  handle(exchange, percent = 0) {
    if (exchange.random() * 100 < percent) exchange.answer(500, 'failed\n');
    else exchange.answer(200, 'ok\n');
  },
};
