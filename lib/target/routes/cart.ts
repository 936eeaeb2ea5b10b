import type { Exchange } from '../exchange.js';
import type { Route } from '../route.js';
import { customerOf } from '../shop/customerOf.js';
import { fieldsOf } from '../shop/fieldsOf.js';
import { type Customer, GOODS, totalOf } from '../shop/shop.js';
import { readBody } from './readBody.js';

const MOST_OF_ONE = 100;

function show(exchange: Exchange, { cart }: Customer): void {
  const items = [...cart].map(([id, amount]) => ({ id, amount }));
  exchange.answer(200, `${JSON.stringify({ items, total: totalOf(cart) })}\n`, 'application/json');
}

/**
 * `/cart`: what the customer of the cookie `sid` has chosen, as `{ items, total }`; POST of `id` and `amount`, as a form or as
 * JSON, adds to it. 401 without that cookie, 404 for a good that is not sold.
 */
export const cart: Route = {
  parameters: [],
  handle(exchange) {
    const customer = customerOf(exchange);
    if (customer === undefined) {
      exchange.answer(401, '{"error":"log in first"}\n', 'application/json');
      return;
    }
    if (exchange.request.method !== 'POST') {
      show(exchange, customer);
      return;
    }
    readBody(exchange, (body) => {
      const { id, amount = 1 } = fieldsOf(exchange.request, body) ?? {};
      const good = GOODS.find((each) => each.id === Number(id));
      if (good === undefined || !(Number(amount) >= 1)) {
        exchange.answer(404, '{"error":"there is no such good"}\n', 'application/json');
        return;
      }
      const sum = (customer.cart.get(good.id) ?? 0) + Math.floor(Number(amount));
      customer.cart.set(good.id, Math.min(sum, MOST_OF_ONE));
      show(exchange, customer);
    });
  },
};
