import type { Route } from '../route.js';
import { longest } from './longest.js';

/** `/delay/MS`: 200 after that many milliseconds. */
export const delay: Route = {
  parameters: [{ name: 'MS', min: 0, max: longest, fraction: true }],
  handle: (exchange, wait = 0) => exchange.later(wait, () => exchange.answer(200, 'ok\n')),
};
