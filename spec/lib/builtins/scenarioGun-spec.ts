import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { filter, lastValueFrom, map, toArray } from 'rxjs';
import { summary } from '../../../lib/aggregators/summary.js';
import { once, scenarioGun } from '../../../lib/builtins/components.js';
import { scenarios } from '../../../lib/builtins/scenarios.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { isSummarySnapshot } from '../../../lib/measure/summary.js';
import { madeInCode } from '../../../lib/plugin/configured.js';
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
    const gun = scenarioGun({ target: `127.0.0.1:${target.port}` });
    const {
      scenarios: played,
      total,
      tags,
    } = await lastValueFrom(
      once({ times: 30 }).pipe(
        zipAmmo(scenarios([{ scenario: buy, weight: 2 }, lost])),
        shoot(gun, { instances: 5 }),
        reportTo(summary()),
        map(({ detail }) => detail),
        filter(isSummarySnapshot),
      ),
    );
    assert.deepEqual([played?.ended, played?.bad], [30, 10]);
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

  const guns: [sentence: string, options: Record<string, unknown>, message: RegExp][] = [
    ['no target', {}, /target/],
    ['scenarios, which are ammo', { target: 'a:1', scenarios: [buy] }, /scenarios/],
    ['a word for cookies', { target: 'a:1', cookies: 'always' }, /one of instance, scenario, off/],
    ['an unknown key, with a suggestion', { target: 'a:1', cookie: 'off' }, /did you mean cookies\?/],
  ];
  for (const [sentence, options, message] of guns) {
    it(`scenarioGun refuses ${sentence}`, () => {
      const error = madeInCode(scenarioGun(options as { target: string }))?.error;
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, message);
    });
  }

  const mixes: [sentence: string, played: unknown, message: RegExp][] = [
    ['an empty list', [], /there are no scenarios to play/],
    ['a value that is no scenario', [{ scenario: 'buy' }], /a scenario/],
    ['a weight of 0', [{ scenario: buy, weight: 0 }], /a number above 0/],
    ['two scenarios of one name', [buy, scenario('buy', get('a', '/'))], /two scenarios are named "buy"/],
  ];
  for (const [sentence, played, message] of mixes) {
    it(`scenarios refuses ${sentence}`, () => {
      const error = madeInCode(scenarios(played as Parameters<typeof scenarios>[0]))?.error;
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, message);
    });
  }

  it('scenarios takes a single scenario, and a limit', async () => {
    const ids = await lastValueFrom(
      scenarios(buy, { limit: 3 }).pipe(
        map(({ id }) => id),
        toArray(),
      ),
    );
    assert.deepEqual(ids, [1, 2, 3]);
  });
});
