import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { filter, lastValueFrom, map } from 'rxjs';
import { summary } from '../../../lib/aggregators/summary.js';
import { num, once } from '../../../lib/builtins/components.js';
import { scenarioGun } from '../../../lib/builtins/scenarioGun.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { isSummarySnapshot } from '../../../lib/measure/summary.js';
import { status } from '../../../lib/scenario/checks.js';
import { css } from '../../../lib/scenario/extractors/css.js';
import { jsonPath } from '../../../lib/scenario/extractors/json.js';
import { scenario } from '../../../lib/scenario/scenario.js';
import { check } from '../../../lib/scenario/steps/check.js';
import { extract } from '../../../lib/scenario/steps/extract.js';
import { group } from '../../../lib/scenario/steps/group.js';
import { get, post } from '../../../lib/scenario/steps/request.js';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { reportTo } from '../../../operators/samples/reportTo.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';

const buy = scenario('buy', (flow) =>
  flow.pipe(
    get('form', '/login'),
    extract({ csrf: css('input[name=csrf]', 'value') }),
    post('login', '/login', { form: ({ csrf }) => ({ user: 'ann', password: 'x', csrf }) }),
    extract({ token: jsonPath('$.token') }),
    group('checkout', (inside) =>
      inside.pipe(
        post('cart', '/cart', { json: { id: 1, amount: 1 } }),
        post('order', '/order', { headers: ({ token }) => ({ Authorization: `Bearer ${token}` }) }),
        check({ ordered: status(201) }),
      ),
    ),
  ),
);
const lost = scenario('lost', (flow) => flow.pipe(get('page', '/nowhere'), check({ 'is there': status(200) })));

describe('scenarioGun', () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  it('plays scenarios against a target; the summary counts them, their groups, requests and failed checks', async () => {
    const gun = scenarioGun({ target: `127.0.0.1:${target.port}`, scenarios: [{ scenario: buy, weight: 2 }, lost] });
    const { scenarios, total, tags } = await lastValueFrom(
      once({ times: 30 }).pipe(
        zipAmmo(num()),
        shoot(gun, { instances: 5 }),
        reportTo(summary()),
        map(({ detail }) => detail),
        filter(isSummarySnapshot),
      ),
    );
    assert.deepEqual([scenarios?.ended, scenarios?.bad], [30, 10]);
    assert.deepEqual([total.ended, total.failed, total.bad], [90, 0, 10]);
    assert.deepEqual(total.failures, [{ netCode: 998, name: 'check: is there', count: 10 }]);
    const rows = tags.map(({ tag, scope, ended, bad }) => [tag, scope ?? '', ended, bad]);
    assert.deepEqual(
      rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      [
        ['buy', 'scenario', 20, 0],
        ['buy/checkout', 'group', 20, 0],
        ['buy/checkout/cart', '', 20, 0],
        ['buy/checkout/order', '', 20, 0],
        ['buy/form', '', 20, 0],
        ['buy/login', '', 20, 0],
        ['lost', 'scenario', 10, 10],
        ['lost/page', '', 10, 10],
      ],
    );
    assert.equal(
      total.bytesIn,
      tags.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
      'nothing is counted twice',
    );
  });

  const refusals: [sentence: string, options: Record<string, unknown>, message: RegExp][] = [
    ['no target', { scenarios: [buy] }, /target/],
    ['no scenarios', { target: 'a:1' }, /scenarios/],
    ['an empty mix', { target: 'a:1', scenarios: [] }, /a list of at least one scenario/],
    ['what is no scenario', { target: 'a:1', scenarios: [{ scenario: 'buy' }] }, /a scenario/],
    ['a weight of 0', { target: 'a:1', scenarios: [{ scenario: buy, weight: 0 }] }, /weight/],
    ['a word for cookies', { target: 'a:1', scenarios: [buy], cookies: 'always' }, /one of instance, scenario, off/],
    ['an unknown key, with a suggestion', { target: 'a:1', scenarios: [buy], cookie: 'off' }, /did you mean cookies\?/],
  ];
  for (const [sentence, options, message] of refusals) {
    it(`refuses ${sentence}`, () => {
      assert.throws(
        () => scenarioGun(options as unknown as Parameters<typeof scenarioGun>[0]).create({ instance: 0 }),
        (error) => error instanceof ConfigError && message.test(error.message),
      );
    });
  }
});
