// The scenarios, tested without a network: their requests, pauses and samples, drawn in virtual time.
// Run it: npx tsx --test examples/shop-scenario/scenario-spec.ts
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playScenario, scriptedTransport } from 'elpis/testing';
import responses from './responses.js';
import { browse, buy } from './scenario.js';

/** A shop in marbles: each `-` is a millisecond, followed by the response. */
const shop = (scripts: Record<string, string> = {}) =>
  scriptedTransport(
    {
      'GET /login': '--f',
      'POST /login': '---t',
      'GET /goods': '-g',
      'POST /cart': '--c',
      'POST /order': '----o',
      ...scripts,
    },
    {
      f: responses['GET /login'],
      t: responses['POST /login'],
      g: responses['GET /goods'],
      c: responses['POST /cart'],
      o: responses['POST /order'],
      x: { status: 503 },
    },
  );

describe('buy', () => {
  it('logs in, fills the cart and orders', () => {
    assert.equal(
      playScenario(buy, shop()).drawing,
      `
ms              0   2    102 105  106  108  258 262
buy             |-------------------------------|
buy/login       |------------|
buy/login/form  o---200
pause               ~~~~~              ~~~~~
buy/login/send           o---200
buy/goods                    o----200
buy/cart                          o----200
buy/order                                   o---201`.trimStart(),
    );
  });

  it('sends the values of earlier responses', () => {
    const sent = playScenario(buy, shop()).requests.map(({ request: { method, target, body } }) => {
      return `${method} ${target} ${body === null ? '' : Buffer.from(body)}`.trim();
    });
    assert.deepEqual(sent, [
      'GET /login',
      'POST /login user=ann&password=hope&csrf=s3cret',
      'GET /goods',
      'POST /cart {"id":"7","amount":1}',
      'POST /order',
    ]);
  });

  it('orders only when the budget is enough: ann has 100, bob and cleo have less than 70', () => {
    const { requests } = playScenario(buy, shop(), { runs: 3 });
    assert.equal(requests.filter(({ tag }) => tag === 'buy/order').length, 1);
  });

  it('ends when the login fails, with the reason', () => {
    assert.equal(
      playScenario(buy, shop({ 'POST /login': '---x' })).drawing,
      `
ms              0   2    102 105
buy             |------------#check: is let in
buy/login       |------------#check: is let in
buy/login/form  o---200
pause               ~~~~~
buy/login/send           o---503#check: is let in, check: gets a cookie`.trimStart(),
    );
  });
});

describe('browse', () => {
  it('reads three pages, with pauses of 100 to 300 ms between them', () => {
    const { requests, pauses } = playScenario(browse, shop());
    assert.equal(requests.length, 3);
    for (const { from, until } of pauses) assert.ok(until - from >= 100 && until - from <= 300);
  });
});
