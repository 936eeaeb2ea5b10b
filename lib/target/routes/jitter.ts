import type { Route } from '../route.js';
import { longest } from './longest.js';

/** `/jitter/MIN/MAX`: 200 after a random time between two numbers of milliseconds, all equally likely. */
export const jitter: Route = {
  parameters: [
    { name: 'MIN', min: 0, max: longest, fraction: true },
    { name: 'MAX', min: 0, max: longest, fraction: true },
  ],
  handle(exchange, min = 0, max = 0) {
    const wait = min + exchange.random() * (max - min);
    exchange.later(wait, () => exchange.answer(200, 'ok\n'));
  },
};
