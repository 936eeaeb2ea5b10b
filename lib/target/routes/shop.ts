import type { Bytes } from '../../core/units.js';
import type { Exchange, Route } from '../exchange.js';
import type { TargetRequest } from '../protocols.js';
import { type Customer, GOODS, totalOf } from '../shop/shop.js';

/** The customer whose cookie `sid` a request carries. */
function customerOf({ request, shop }: Exchange): Customer | undefined {
  const sid = /(?:^|;\s*)sid=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  return sid === undefined ? undefined : shop.customer(sid);
}

/** The fields of a body that is a form or a JSON object; `undefined` for any other body. */
function fieldsOf({ headers }: TargetRequest, body: string): Readonly<Record<string, unknown>> | undefined {
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const MAX_BODY_SIZE: Bytes = 2 ** 20;

/** Calls back with the body of a request as UTF-8 when it is complete; responds 413 by itself when it is over 1 MiB. */
export function readBody(exchange: Exchange, then: (body: string) => void): void {
  const pieces: Buffer[] = [];
  let length = 0;
  exchange.request.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= MAX_BODY_SIZE) pieces.push(piece);
  });
  exchange.request.once('end', () => {
    if (length > MAX_BODY_SIZE) exchange.respond(413, 'the body is over 1 MiB\n');
    else then(Buffer.concat(pieces).toString());
  });
}

const MAX_AMOUNT = 100;

function show(exchange: Exchange, { cart }: Customer): void {
  const items = [...cart].map(([id, amount]) => ({ id, amount }));
  exchange.respond(200, `${JSON.stringify({ items, total: totalOf(cart) })}\n`, 'application/json');
}

/**
 * `/cart`: the cart of the customer with the cookie `sid`, as `{ items, total }`; POST of `id` and `amount`, as a form
 * or as JSON, adds to it. 401 without that cookie, 404 for an unknown id of goods.
 */
export const cart: Route = {
  parameters: [],
  handle(exchange) {
    const customer = customerOf(exchange);
    if (customer === undefined) {
      exchange.respond(401, '{"error":"log in first"}\n', 'application/json');
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
        exchange.respond(404, '{"error":"there are no such goods"}\n', 'application/json');
        return;
      }
      const sum = (customer.cart.get(good.id) ?? 0) + Math.floor(Number(amount));
      customer.cart.set(good.id, Math.min(sum, MAX_AMOUNT));
      show(exchange, customer);
    });
  },
};

const rows = GOODS.map(
  ({ id, name, price }) => `<li data-id="${id}"><a href="/goods?id=${id}">${name}</a> <b>${price}</b>`,
);
const HTML = `<!doctype html><title>Goods</title><h1>Goods</h1><ul class="goods">${rows.join('')}</ul>\n`;
const JSON_LIST = `${JSON.stringify({ goods: GOODS })}\n`;

/**
 * `/goods`: the goods of the shop, as an HTML list, or as JSON (`goods`: `id`, `name`, `price`) when `Accept`
 * requests it.
 */
export const goods: Route = {
  parameters: [],
  handle(exchange) {
    const asJson = (exchange.request.headers.accept ?? '').includes('application/json');
    if (asJson) exchange.respond(200, JSON_LIST, 'application/json');
    else exchange.respond(200, HTML, 'text/html');
  },
};

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * `/login`: GET returns an HTML form with a hidden field `csrf`; POST of `user`, `password` and that `csrf` as a form, or of
 * `user` and `password` as JSON, sets the cookie `sid` and returns `{ user, token }`. Every password that is not
 * empty is valid; an empty one, or a form that was not requested before, gets 403.
 */
export const login: Route = {
  parameters: [],
  handle(exchange) {
    const { request, response, shop } = exchange;
    if (request.method !== 'POST') {
      const fields = `<input name="user"><input name="password" type="password">`;
      const secret = `<input type="hidden" name="csrf" value="${shop.form()}">`;
      const form = `<form method="post" action="/login">${fields}${secret}<button>Log in</button></form>`;
      exchange.respond(200, `<!doctype html><title>Log in</title><h1>Log in</h1>${form}\n`, 'text/html');
      return;
    }
    readBody(exchange, (body) => {
      const fields = fieldsOf(request, body);
      const { user = '', password = '', csrf = '' } = fields ?? {};
      const asForm = !(request.headers['content-type'] ?? '').startsWith('application/json');
      const accepted = user !== '' && password !== '' && (!asForm || shop.redeem(String(csrf)));
      if (!accepted) {
        exchange.respond(403, json({ error: 'user, password and, in a form, csrf are needed' }), 'application/json');
        return;
      }
      const { sid, customer } = shop.enter(String(user));
      const login = json({ user: customer.user, token: customer.token });
      const type = ['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(login))];
      exchange.head(200, ['Set-Cookie', `sid=${sid}; Path=/; HttpOnly`, ...type]);
      response.end(login);
    });
  },
};

/**
 * `/order`: POST buys the contents of the cart and returns 201 with `{ order, total }`. Needs the cookie `sid` and
 * the header `Authorization: Bearer TOKEN` of the same login, else 401; 409 when the cart is empty, 405 for another
 * method.
 */
export const order: Route = {
  parameters: [],
  handle(exchange) {
    const { request, shop } = exchange;
    const customer = customerOf(exchange);
    const refuse = (status: number, error: string): void =>
      exchange.respond(status, `${JSON.stringify({ error })}\n`, 'application/json');
    if (request.method !== 'POST') refuse(405, 'use POST');
    else if (customer === undefined) refuse(401, 'log in first');
    else if (request.headers.authorization !== `Bearer ${customer.token}`) refuse(401, 'the token is missing or wrong');
    else if (customer.cart.size === 0) refuse(409, 'the cart is empty');
    else exchange.respond(201, `${JSON.stringify(shop.order(customer))}\n`, 'application/json');
  },
};
