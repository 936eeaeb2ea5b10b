import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scenarios } from '../../../lib/builtins/scenarios.js';
import { failureScript } from '../../../lib/rehearsal/models/failureScript.js';
import { constantLatency } from '../../../lib/rehearsal/models/latencies.js';
import { queueModel } from '../../../lib/rehearsal/models/queueModel.js';
import type { TargetModel } from '../../../lib/rehearsal/models/targetModel.js';
import type { TargetResponses } from '../../../lib/rehearsal/responses.js';
import { bodyHas, status } from '../../../lib/scenario/checks.js';
import { cookie } from '../../../lib/scenario/extractors/extractor.js';
import { jsonPath } from '../../../lib/scenario/extractors/json.js';
import { type Scenario, scenario } from '../../../lib/scenario/scenario.js';
import { check } from '../../../lib/scenario/steps/check.js';
import { extract } from '../../../lib/scenario/steps/extract.js';
import { get, post } from '../../../lib/scenario/steps/request.js';
import { pause } from '../../../lib/scenario/steps/waits.js';
import { virtualRun } from '../../../lib/testing/virtualRun.js';
import { poolOf } from './poolOf.js';

const rehearsed = async (
  played: Scenario,
  options: { target?: TargetModel; responses?: TargetResponses; gun?: object; pool?: object; seed?: number } = {},
) => {
  const { target = constantLatency(20), responses, gun = {}, pool = {}, seed = 1 } = options;
  const config = poolOf({
    gun: { type: 'scenario', target: 'localhost:80', ...gun },
    ammo: scenarios(played),
    rps: { type: 'const', ops: 50, duration: '5s' },
    ...pool,
  });
  const run = await virtualRun({ pools: [config] }, { target, responses, seed });
  const [summary] = run.summaries;
  const [needs] = run.pools;
  assert.ok(summary !== undefined && needs !== undefined);
  return { ...run, summary, needs, shots: (tag: string) => summary.tags.find((each) => each.tag === tag)?.ended ?? 0 };
};
const once = { rps: { type: 'once', times: 3 } };

describe('a rehearsal of scenarios', () => {
  // 50 starts a second, 20 ms apart. A run takes 20 + 1010 + 20 = 1050 ms, so at 1040 ms those from 0 ms on are still
  // busy: 53 instances. One shot of 20 ms each would have needed 1.
  const walk = scenario('walk', (flow) => flow.pipe(get('a', '/a'), pause(1010), get('b', '/b')));

  it('plays each request and pause: instances are busy from the start of a scenario to its end', async () => {
    const { summary, needs, durationMs, shots } = await rehearsed(walk);
    assert.deepEqual([needs.instancesNeeded, needs.instancesNeededAt, needs.overflowFrom], [53, 1040, null]);
    assert.deepEqual(
      [summary.scenarios?.ended, summary.total.ended, shots('walk/a'), shots('walk/b')],
      [250, 500, 250, 250],
    );
    assert.equal(durationMs, 249 * 20 + 1050);
    assert.deepEqual(needs.rates.started.slice(0, 6), [50, 50, 50, 50, 50, 0]);
    // The first ends at 1050 ms, the last at 6030 ms.
    assert.deepEqual(needs.rates.finished, [0, 48, 50, 50, 50, 50, 2]);
  });

  it('reports from when on operations wait, with too few instances', async () => {
    const { needs } = await rehearsed(walk, { pool: { startup: { type: 'once', times: 20 } } });
    assert.deepEqual([needs.instancesNeeded, needs.overflowFrom], [20, 400]);
  });

  it('all requests have one target, so they wait for its servers', async () => {
    const { summary } = await rehearsed(scenario('s', get('a', '/a')), {
      target: queueModel({ servers: 1, service: 10 }),
      pool: once,
    });
    assert.deepEqual([summary.total.responseTimeMs.max, summary.scenarios?.responseTimeMs.max], [30, 30]);
  });

  const order = scenario('order', (flow) =>
    flow.pipe(
      get('list', '/goods'),
      check({ 'shows goods': bodyHas('goods') }),
      extract({ id: jsonPath('$.goods[0]') }),
      post('cart', ({ id }) => `/cart/${id}`),
      extract({ sid: cookie('sid') }),
      get('pay', ({ sid }) => `/pay/${sid}`),
      check({ paid: status(201) }),
    ),
  );
  const RESPONSES: TargetResponses = {
    'GET /goods': { json: { goods: [7] } },
    'POST /cart/*': ({ path }) => ({ headers: { 'Set-Cookie': `sid=s${path.slice(6)}; Path=/` } }),
    'GET /pay/s7': { status: 201 },
  };

  it('checks and extractors read the given responses', async () => {
    const { summary, needs } = await rehearsed(order, { responses: RESPONSES, pool: once });
    assert.deepEqual([summary.scenarios?.ended, summary.scenarios?.bad, summary.total.ended], [3, 0, 9]);
    assert.deepEqual(needs.withoutResponse, []);
  });

  it('without a response a body is empty, and the report names the requests', async () => {
    const { summary, needs } = await rehearsed(order, { pool: once });
    assert.deepEqual(summary.total.failures, [{ netCode: 998, name: 'check: shows goods', count: 3 }]);
    assert.deepEqual(needs.withoutResponse, ['order/list']);
  });

  it('cookies are kept as the gun is configured', async () => {
    const { summary } = await rehearsed(order, { responses: RESPONSES, gun: { cookies: 'off' }, pool: once });
    assert.deepEqual(summary.total.failures, [{ netCode: 998, name: 'extract: sid', count: 3 }]);
  });

  it('failures of the model end a scenario, for any responses', async () => {
    const target = failureScript('503 1s, reset 10s', constantLatency(20));
    const { summary } = await rehearsed(order, {
      target,
      responses: RESPONSES,
      pool: { rps: { type: 'const', ops: 1, duration: '2s' } },
    });
    assert.deepEqual(
      [...summary.total.failures].map(({ netCode, count }) => [netCode, count]),
      [
        [104, 1],
        [998, 1],
      ],
    );
  });

  it('a request without a response ends by the limit of the gun', async () => {
    const { summary } = await rehearsed(walk, {
      target: failureScript('stall'),
      gun: { 'response-header-timeout': '2s' },
      pool: once,
    });
    assert.deepEqual(summary.total.failures, [{ netCode: 110, name: 'timeout', count: 3 }]);
    assert.ok(Math.abs((summary.scenarios?.responseTimeMs.max ?? 0) - 2000) <= 4, 'to 3 digits');
  });

  it('the model gets the tag of each request', async () => {
    const seen = new Set<string>();
    const target: TargetModel = {
      name: 'by tag',
      start: () => (response, _now, tag) => {
        seen.add(tag);
        response.afterMs = tag === 'walk/a' ? 5 : 50;
      },
    };
    const { summary } = await rehearsed(walk, { target, pool: once });
    assert.deepEqual([...seen], ['walk/a', 'walk/b']);
    assert.equal(summary.scenarios?.responseTimeMs.max, 1065);
  });

  it('the same seed gives the same pauses, another seed others', async () => {
    const jittered = scenario('s', (flow) => flow.pipe(get('a', '/a'), pause(1000, { jitter: 1 }), get('b', '/b')));
    const took = async (seed: number) => (await rehearsed(jittered, { seed, pool: once })).durationMs;
    const [first, again, other] = [await took(1), await took(1), await took(2)];
    assert.equal(first, again);
    assert.notEqual(first, other);
  });

  it('an error in the function of a response ends the run', async () => {
    const responses: TargetResponses = {
      'GET /*': () => {
        throw new Error('no such page');
      },
    };
    await assert.rejects(rehearsed(walk, { responses, pool: once }), /no such page/);
  });
});
