import type { Millis } from '../../core/units.js';
import type { Route } from '../exchange.js';

/** `/close`: the connection is closed in order (FIN, after GOAWAY over HTTP/2), without a response. */
export const close: Route = { parameters: [], handle: (exchange) => exchange.close() };

/** `/reset`: the connection is reset (RST), or the stream over HTTP/2, without a response. */
export const reset: Route = { parameters: [], handle: (exchange) => exchange.reset() };

/** `/hang`: no response; the connection stays open. */
export const hang: Route = {
  parameters: [],
  handle: ({ request }) => {
    request.resume();
  },
};

/** `/fail/PERCENT`: 500 for that share of the requests, selected by the seed, and 200 for the others. */
export const fail: Route = {
  parameters: [{ name: 'PERCENT', min: 0, max: 100, fraction: true }],
  handle(exchange, percent = 0) {
    if (exchange.random() * 100 < percent) exchange.respond(500, 'failed\n');
    else exchange.respond(200, 'ok\n');
  },
};

/** `/status/CODE`: that status. Codes below 200 are not final responses, so they cannot be requested. */
export const status: Route = {
  parameters: [{ name: 'CODE', min: 200, max: 599 }],
  handle: (exchange, code = 200) => exchange.respond(code, `${code}\n`),
};

/** The longest delay that can be requested: an hour. */
export const longest: Millis = 3_600_000;

/** `/delay/MS`: 200 after that many milliseconds. */
export const delay: Route = {
  parameters: [{ name: 'MS', min: 0, max: longest, fraction: true }],
  handle: (exchange, wait = 0) => exchange.later(wait, () => exchange.respond(200, 'ok\n')),
};

/** `/jitter/MIN/MAX`: 200 after a random time between two numbers of milliseconds, uniformly distributed. */
export const jitter: Route = {
  parameters: [
    { name: 'MIN', min: 0, max: longest, fraction: true },
    { name: 'MAX', min: 0, max: longest, fraction: true },
  ],
  handle(exchange, min = 0, max = 0) {
    const wait = min + exchange.random() * (max - min);
    exchange.later(wait, () => exchange.respond(200, 'ok\n'));
  },
};
