import type { Route } from '../route.js';
import { GOODS } from '../shop/shop.js';

const rows = GOODS.map(
  ({ id, name, price }) => `<li data-id="${id}"><a href="/goods?id=${id}">${name}</a> <b>${price}</b>`,
);
const HTML = `<!doctype html><title>Goods</title><h1>Goods</h1><ul class="goods">${rows.join('')}</ul>\n`;
const JSON_LIST = `${JSON.stringify({ goods: GOODS })}\n`;

/** `/goods`: what the shop sells, as an HTML list, or as JSON (`goods`: `id`, `name`, `price`) when `Accept` asks for it. */
export const goods: Route = {
  parameters: [],
  handle(exchange) {
    const asJson = (exchange.request.headers.accept ?? '').includes('application/json');
    if (asJson) exchange.answer(200, JSON_LIST, 'application/json');
    else exchange.answer(200, HTML, 'text/html');
  },
};
