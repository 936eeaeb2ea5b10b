import type { Route } from '../route.js';
import { customerOf } from '../shop/customerOf.js';

/**
 * `/order`: POST buys what is in the cart and answers 201 with `{ order, total }`. Needs the cookie `sid` and the header
 * `Authorization: Bearer TOKEN` of the same login, else 401; 409 when the cart is empty, 405 for another method.
 */
export const order: Route = {
  parameters: [],
  handle(exchange) {
    const { request, shop } = exchange;
    const customer = customerOf(exchange);
    const refuse = (status: number, error: string): void =>
      exchange.answer(status, `${JSON.stringify({ error })}\n`, 'application/json');
    if (request.method !== 'POST') refuse(405, 'use POST');
    else if (customer === undefined) refuse(401, 'log in first');
    else if (request.headers.authorization !== `Bearer ${customer.token}`) refuse(401, 'the token is missing or wrong');
    else if (customer.cart.size === 0) refuse(409, 'the cart is empty');
    else exchange.answer(201, `${JSON.stringify(shop.order(customer))}\n`, 'application/json');
  },
};
