import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BoundedMap } from '../../../lib/target/shop/shop.js';
import { startTarget, type Target } from '../../../lib/target/target.js';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target.close());

const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${target.url}${path}`, init);
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });
/** Logs in and returns the headers of the login. */
async function enter(): Promise<{ readonly Cookie: string; readonly Authorization: string }> {
  const response = await post('/login', { user: 'ann', password: 'x' });
  const { token } = (await response.json()) as { readonly token: string };
  return { Cookie: String(response.headers.get('set-cookie')?.split(';')[0]), Authorization: `Bearer ${token}` };
}

describe('the shop of the target', () => {
  it('/login as a form: with the secret of the page, once', async () => {
    const page = await (await ask('/login')).text();
    const csrf = /name="csrf" value="(\w+)"/.exec(page)?.[1] ?? '';
    const form = { method: 'POST', body: new URLSearchParams({ user: 'ann', password: 'x', csrf }) };
    const response = await ask('/login', form);
    assert.equal(response.status, 200);
    assert.match(String(response.headers.get('set-cookie')), /^sid=\w+; Path=\/; HttpOnly$/);
    assert.equal(((await response.json()) as { readonly user: string }).user, 'ann');
    assert.equal((await ask('/login', form)).status, 403);
  });

  it('/login as JSON: every password that is not empty', async () => {
    assert.equal((await post('/login', { user: 'ann', password: 'x' })).status, 200);
    assert.equal((await post('/login', { user: 'ann', password: '' })).status, 403);
    assert.equal((await post('/login', 'no object')).status, 403);
    const broken = await ask('/login', { method: 'POST', body: '{', headers: { 'Content-Type': 'application/json' } });
    assert.equal(broken.status, 403);
  });

  it('/goods as HTML and as JSON', async () => {
    assert.match(
      await (await ask('/goods')).text(),
      /<ul class="goods"><li data-id="1"><a href="\/goods\?id=1">lamp<\/a>/,
    );
    const { goods } = (await (await ask('/goods', { headers: { Accept: 'application/json' } })).json()) as {
      goods: unknown[];
    };
    assert.deepEqual([goods.length, goods[0]], [12, { id: 1, name: 'lamp', price: 5 }]);
  });

  it('/cart needs the cookie, adds up and is bounded', async () => {
    assert.equal((await ask('/cart')).status, 401);
    const proof = await enter();
    assert.deepEqual(await (await ask('/cart', { headers: proof })).json(), { items: [], total: 0 });
    await post('/cart', { id: 2, amount: 3 }, proof);
    const response = await post('/cart', { id: 1 }, proof);
    assert.deepEqual(await response.json(), {
      items: [
        { id: 2, amount: 3 },
        { id: 1, amount: 1 },
      ],
      total: 41,
    });
    assert.equal((await post('/cart', { id: 99 }, proof)).status, 404);
    assert.equal((await post('/cart', { id: 1, amount: 0 }, proof)).status, 404);
    const { items } = (await (await post('/cart', { id: 1, amount: 1e9 }, proof)).json()) as {
      items: { amount: number }[];
    };
    assert.equal(items[1]?.amount, 100);
  });

  it('/order needs the cookie, the token and something in the cart', async () => {
    const proof = await enter();
    const statuses = [
      (await ask('/order')).status,
      (await post('/order', {})).status,
      (await post('/order', {}, { Cookie: proof.Cookie })).status,
      (await post('/order', {}, proof)).status,
    ];
    assert.deepEqual(statuses, [405, 401, 401, 409]);
    await post('/cart', { id: 1, amount: 2 }, proof);
    const ordered = await post('/order', {}, proof);
    assert.deepEqual([ordered.status, await ordered.json()], [201, { order: 1, total: 10 }]);
    assert.equal((await post('/order', {}, proof)).status, 409);
  });

  it('a target with the same seed gives the same secrets', async () => {
    const pages = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const one = await startTarget({ seed });
        const page = await (await fetch(`${one.url}/login`)).text();
        await one.close();
        return page;
      }),
    );
    assert.equal(pages[0], pages[1]);
    assert.notEqual(pages[0], pages[2]);
  });

  it('forgets the oldest when it is full', () => {
    const map = new BoundedMap<string, number>(2);
    for (const [i, key] of ['a', 'b', 'b', 'c'].entries()) map.set(key, i);
    assert.deepEqual([map.get('a'), map.get('b'), map.take('c'), map.get('c')], [undefined, 2, 3, undefined]);
  });
});
