import type { Route } from '../route.js';
import { fieldsOf } from '../shop/fieldsOf.js';
import { readBody } from './readBody.js';

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * `/login`: GET answers an HTML form with a hidden field `csrf`; POST of `user`, `password` and that `csrf` as a form, or of
 * `user` and `password` as JSON, sets the cookie `sid` and answers `{ user, token }`. Every password but an empty one is right;
 * without, or with a form that was not asked for, it is 403.
 */
export const login: Route = {
  parameters: [],
  handle(exchange) {
    const { request, response, shop } = exchange;
    if (request.method !== 'POST') {
      const fields = `<input name="user"><input name="password" type="password">`;
      const secret = `<input type="hidden" name="csrf" value="${shop.form()}">`;
      const form = `<form method="post" action="/login">${fields}${secret}<button>Log in</button></form>`;
      exchange.answer(200, `<!doctype html><title>Log in</title><h1>Log in</h1>${form}\n`, 'text/html');
      return;
    }
    readBody(exchange, (body) => {
      const fields = fieldsOf(request, body);
      const { user = '', password = '', csrf = '' } = fields ?? {};
      const asForm = !(request.headers['content-type'] ?? '').startsWith('application/json');
      const welcome = user !== '' && password !== '' && (!asForm || shop.redeem(String(csrf)));
      if (!welcome) {
        exchange.answer(403, json({ error: 'user, password and, in a form, csrf are needed' }), 'application/json');
        return;
      }
      const { sid, customer } = shop.enter(String(user));
      const answer = json({ user: customer.user, token: customer.token });
      const type = ['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(answer))];
      exchange.head(200, ['Set-Cookie', `sid=${sid}; Path=/; HttpOnly`, ...type]);
      response.end(answer);
    });
  },
};
