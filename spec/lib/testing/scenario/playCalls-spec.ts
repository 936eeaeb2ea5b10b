import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { firstValueFrom, from } from 'rxjs';
import type { GrpcCall } from '../../../../lib/protocols/grpc.js';
import { failureScript } from '../../../../lib/rehearsal/models/failureScript.js';
import { constantLatency } from '../../../../lib/rehearsal/models/latencies.js';
import type { TargetResponses } from '../../../../lib/rehearsal/responses.js';
import { grpcScenario } from '../../../../lib/scenario/files/scenarioFileProvider.js';
import type { Scenario } from '../../../../lib/scenario/scenario.js';
import { scenario } from '../../../../lib/scenario/scenario.js';
import { send } from '../../../../lib/scenario/steps/send.js';
import { playScenario } from '../../../../lib/testing/scenario/playScenario.js';
import { ScenarioPlayError } from '../../../../lib/testing/scenario/scenarioPlay.js';
import {
  type ResponseScripts,
  type ScriptedResponses,
  scriptedTransport,
} from '../../../../lib/testing/scenario/scriptedTransport.js';
import { virtualRun } from '../../../../lib/testing/virtualRun.js';
import { poolOf } from '../../rehearsal/poolOf.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-calls-'));
after(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'shop.yaml');
writeFileSync(
  file,
  `calls:
  - name: login
    call: shop.Shop/Login
    tag: login
    payload: '{"name": "ann"}'
    postprocessors: [{type: assert/response, payload: ['token:"abc"']}]
  - name: buy
    call: shop.Shop.Buy
    tag: buy
    metadata: {token: "{{.request.login.postprocessor.token}}"}
    payload: '{"item": 7}'
    postprocessors: [{type: assert/response, status_code: 200}]
scenarios:
  - {name: visit, requests: [login, sleep(100), buy]}
`,
);

const LOGIN = { json: { token: 'abc' }, protoText: 'token:"abc"' };

describe('a scenario file over gRPC, played against scripted responses', () => {
  const visit = async (): Promise<Scenario> => {
    const ammo = await firstValueFrom(from(grpcScenario({ file, limit: 1 })));
    return ammo.scenario;
  };
  const play = async (scripts: ResponseScripts, responses: ScriptedResponses<GrpcCall> = { t: LOGIN }) =>
    playScenario(await visit(), scriptedTransport<GrpcCall>(scripts, responses));

  it('has the method as the key of a call, with a dot or a slash, and any text for *', async () => {
    for (const keys of [
      ['shop.Shop.Login', 'shop.Shop/Buy'],
      ['/shop.Shop/Login', 'shop.*'],
      ['*Login', '*'],
    ] as const) {
      const { drawing, requests } = await play({ [keys[0]]: '--t', [keys[1]]: '---r' });
      assert.equal(
        drawing.trimEnd(),
        [
          'ms           0   2    102 105',
          'visit        |------------|',
          'visit.login  o---200',
          'pause            ~~~~~',
          'visit.buy             o---200',
        ].join('\n'),
        keys.join(),
      );
      assert.deepEqual(
        requests.map(({ request }) => [request.method, request.metadata]),
        [
          ['shop.Shop/Login', null],
          ['shop.Shop.Buy', { token: 'abc' }],
        ],
      );
    }
  });

  it('has functions of the call, codes, and failures as those of the gun', async () => {
    const seen: unknown[] = [];
    const responses: ScriptedResponses<GrpcCall> = {
      t: LOGIN,
      n: ({ payload }) => {
        seen.push(payload);
        return { status: 404 };
      },
      o: { failure: 'timeout' },
    };
    const end = async (buy: string): Promise<unknown> => {
      const { samples } = await play({ '*Login': 't', '*Buy': buy }, responses);
      const { tag, netCode, status, error } =
        samples.find((sample) => sample.tag.startsWith('visit.buy')) ?? assert.fail();
      return [tag, netCode, status, error];
    };
    assert.deepEqual(await end('-n'), ['visit.buy|__EMPTY__', 0, 0, 'postprocessor: status-mismatch']);
    assert.deepEqual(seen, [{ item: 7 }]);
    assert.deepEqual(await end('-#'), ['visit.buy|__EMPTY__', 0, 503, 'connection reset']);
    assert.deepEqual(await end('-o'), ['visit.buy|__EMPTY__', 0, 504, 'timeout']);
  });

  it('names a call without a script', async () => {
    await assert.rejects(play({ 'shop.Shop.Login': 't' }), (error: unknown) => {
      assert.ok(error instanceof ScenarioPlayError);
      assert.match(error.message, /^shop\.Shop\.Buy has no script; there are scripts for shop\.Shop\.Login\n/);
      assert.match(error.message, /#no script/);
      return true;
    });
  });

  it('keys of HTTP match no call, and those of calls no request', async () => {
    await assert.rejects(play({ 'GET *': 't', 'shop.Shop.Login ': 't' }), /shop\.Shop\.Login has no script/);
    const call = { method: 'a.B.C', metadata: null, payload: null };
    const sent = scenario('s', send('x', call));
    assert.match(playScenario(sent, scriptedTransport<GrpcCall>({ 'a.B.*': '-r' })).drawing, /o---200/);
  });
});

describe('the rehearsal of a scenario file over gRPC', () => {
  const rehearsed = async (responses: TargetResponses<GrpcCall>, target = constantLatency(20)) => {
    const pool = poolOf({
      gun: { type: 'grpc/scenario', target: 'localhost:1' },
      ammo: { type: 'grpc/scenario', file, limit: 10 },
      rps: { type: 'once', times: 10 },
    });
    const { summaries, pools, error } = await virtualRun({ pools: [pool] }, { target, responses });
    assert.equal(error, undefined);
    const counts = Object.fromEntries(summaries[0]?.tags.map(({ tag, ended }) => [tag, ended]) ?? []);
    return { counts, summary: summaries[0], withoutResponse: pools[0]?.withoutResponse };
  };

  it('has the responses by the method of the call', async () => {
    const { counts, withoutResponse } = await rehearsed({ 'shop.Shop.Login': LOGIN, 'shop.Shop.Buy': {} });
    assert.equal(counts['visit.login'], 10);
    assert.equal(counts['visit.buy'], 10);
    assert.deepEqual(withoutResponse, []);
  });

  it('names the calls without a response, whose checks fail', async () => {
    const { counts, withoutResponse } = await rehearsed({ 'shop.Shop.Buy': () => ({}) });
    assert.deepEqual([counts['visit.login|__EMPTY__'], counts['visit.buy']], [10, undefined]);
    assert.deepEqual(withoutResponse, ['visit.login']);
  });

  it('has failures of the model as those of the gun: net code 0, and the code of the status', async () => {
    const { summary } = await rehearsed({}, failureScript('reset', constantLatency(5)));
    assert.deepEqual(
      summary?.total.failures.map(({ name, count }) => [name, count]),
      [['connection reset', 10]],
    );
  });
});
