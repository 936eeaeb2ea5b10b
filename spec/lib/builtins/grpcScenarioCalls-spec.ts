import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { defaultIfEmpty, from, interval, lastValueFrom, map, NEVER, of, take, throwError, toArray } from 'rxjs';
import { grpcScenarioGun } from '../../../lib/builtins/fileScenarioGuns.js';
import { MAX_KEPT } from '../../../lib/guns/grpc/transport.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { status } from '../../../lib/scenario/checks.js';
import { jsonAll, jsonPath } from '../../../lib/scenario/extractors/json.js';
import { type Scenario, scenario } from '../../../lib/scenario/scenario.js';
import { call } from '../../../lib/scenario/steps/call.js';
import { check } from '../../../lib/scenario/steps/check.js';
import { extract } from '../../../lib/scenario/steps/extract.js';
import { get } from '../../../lib/scenario/steps/request.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { type EchoServer, echoServer } from '../guns/grpc/echoServer.js';

const ECHO = 'elpis.test.Echo';

describe('a scenario in code over gRPC', () => {
  let server: EchoServer;
  const log = new FakeLog();
  before(async () => {
    server = await echoServer();
  });
  after(() => server.close());

  /** Plays a scenario once, over the gun `grpc/scenario`. */
  async function play(played: Scenario, options: object = {}): Promise<NetSample[]> {
    const config = grpcScenarioGun.options().decode({ target: server.target.text, ...options });
    assert.ok(isRight(config));
    const guns = grpcScenarioGun.create(config.right, fakeDeps({ scheduler: realTimeScheduler, log }));
    await lastValueFrom(from(guns.warmUp?.() ?? []).pipe(defaultIfEmpty(undefined)));
    const gun = guns.create({ instance: 0 });
    const ammo = { protocol: 'scenario', id: 1, tag: 's', scenario: played } as const;
    const started = realTimeScheduler.now();
    const shot = { index: 0, at: started, ammo, instance: 0, started, slotWait: 0 };
    try {
      return await lastValueFrom(from(gun.shoot(ammo, shot)).pipe(toArray()));
    } finally {
      gun.close?.();
      await lastValueFrom(from(guns.close?.() ?? []).pipe(defaultIfEmpty(undefined)));
    }
  }
  const outcomes = (samples: readonly NetSample[]): unknown[] =>
    samples.map(({ tag, scope, protoCode, errorName }) => [tag, scope, protoCode, errorName].join(' ').trim());

  it('makes unary calls, whose responses are variables of later ones', async () => {
    const samples = await play(
      scenario('s', (flow) =>
        flow.pipe(
          call('first', `${ECHO}.Unary`, { text: 'a', userId: 7n }, { metadata: { 'x-a': 'b' } }),
          extract({ text: jsonPath('$.text'), own: jsonPath('$.metadata["x-a"]') }),
          call('second', `${ECHO}/Unary`, ({ text, own }) => ({ text: `${String(text)}${String(own)}`, status: 0 })),
          check({ 'is 200': status(200) }),
          call('third', `${ECHO}.Unary`, { status: 5 }),
          check({ 'is 404': status(404) }),
        ),
      ),
    );
    assert.deepEqual(outcomes(samples), [
      's/first  200',
      's/second  200',
      's/third  404 grpc not found',
      's scenario 0',
    ]);
    assert.equal(server.requests[0]?.status, 5);
  });

  it('calls methods with streams of either side: a sample for the first message, each gap, and the whole', async () => {
    const down = await play(
      scenario('s', (flow) =>
        flow.pipe(
          call('down', `${ECHO}.Down`, null, { messages: [{ text: 'd', count: 3 }] }),
          extract({ all: jsonAll('$[*].text') }),
          call('both', `${ECHO}.Both`, null, {
            messages: ({ all }) => from(all).pipe(map((text) => ({ text: String(text) }))),
          }),
          extract({ last: jsonPath('$[2].text') }),
          call('up', `${ECHO}.Up`, null, {
            messages: ({ last }) =>
              interval(5).pipe(
                take(2),
                map((n) => ({ text: `${String(last)}${n}` })),
              ),
          }),
          extract({ sum: jsonPath('$[0].text') }),
          check({ 'has all': (_, { sum }) => sum === 'd 2!0 d 2!1' }),
        ),
      ),
    );
    const stream = (tag: string, messages: number): string[] => [
      `s/${tag}|first group 200`,
      ...Array<string>(messages - 1).fill(`s/${tag}|gap group 200`),
      `s/${tag}  200`,
    ];
    assert.deepEqual(outcomes(down), [...stream('down', 3), ...stream('both', 3), ...stream('up', 1), 's scenario 0']);
    const [, gap] = down;
    assert.ok(gap !== undefined && gap.started >= (down[0] as NetSample).ended);
    const whole = down[3] as NetSample;
    assert.deepEqual(
      whole.metrics.map((metric) => `${metric.name} ${metric.kind === 'counter' ? metric.value : ''}`),
      ['messages received 3', 'messages sent 1'],
    );
    assert.ok(whole.bytesIn > 0 && whole.bytesOut > 0 && whole.id === 1);
  });

  it('reads the status of a stream as a response, with the messages before it', async () => {
    const samples = await play(
      scenario('s', (flow) =>
        flow.pipe(
          call('down', `${ECHO}.Down`, null, { messages: [{ text: 'd', count: 2, status: 5 }] }),
          check({ 'is 404': status(404), 'has two': ({ json }) => Array.isArray(json) && json.length === 2 }),
        ),
      ),
    );
    assert.deepEqual(outcomes(samples).slice(-2), ['s/down  404 grpc not found', 's scenario 0']);
  });

  const failing: readonly (readonly [
    says: string,
    step: ReturnType<typeof call>,
    expected: string,
    options?: object,
  ])[] = [
    [
      'a stream without an end',
      call('x', `${ECHO}.Both`, null, { messages: NEVER }),
      's/x  504 timeout',
      { timeout: '100ms' },
    ],
    ['timeoutMs of the step', call('x', `${ECHO}.Both`, null, { messages: NEVER, timeoutMs: 50 }), 's/x  0 timeout'],
    [
      'a stream of the user that fails',
      call('x', `${ECHO}.Up`, null, { messages: throwError(() => new Error('mine')) }),
      's/x  400 grpc bad payload',
    ],
    [
      'a message that does not fit',
      call('x', `${ECHO}.Both`, null, { messages: of({ nope: 1 }) }),
      's/x  400 grpc bad payload',
    ],
    ['an unknown method', call('x', `${ECHO}.None`, null, { messages: [] }), 's/x  0 grpc unknown method'],
    ['a payload for a streaming method', call('x', `${ECHO}.Both`, {}), 's/x  500 grpc streaming method'],
    [
      'metadata that cannot be sent',
      call('x', `${ECHO}.Both`, null, { messages: [], metadata: { 'a b': 'c' } }),
      's/x  0 grpc bad metadata',
    ],
  ];
  for (const [says, step, expected, options] of failing) {
    it(`ends at ${says}, unless the step continues`, async () => {
      const samples = await play(
        scenario('s', (flow) => flow.pipe(step, call('after', `${ECHO}.Unary`))),
        options,
      );
      const name = expected.replace(/^\S+ +\d+ /, '');
      assert.deepEqual(outcomes(samples), [expected, `s scenario 0 ${name}`]);
    });
  }

  it('continues after a failure with otherwise: continue', async () => {
    const samples = await play(
      scenario('s', (flow) =>
        flow.pipe(call('x', `${ECHO}.None`, null, { otherwise: 'continue' }), call('after', `${ECHO}.Unary`)),
      ),
    );
    assert.deepEqual(outcomes(samples), ['s/x  0 grpc unknown method', 's/after  200', 's scenario 0']);
  });

  it('keeps up to 16 MiB of the messages of a stream', async () => {
    const size = Math.floor(MAX_KEPT / 8) - 100;
    let seen: unknown;
    await play(
      scenario('s', (flow) =>
        flow.pipe(
          call('x', `${ECHO}.Down`, null, { messages: [{ text: 'a'.repeat(size), count: 9 }] }),
          check({
            'is cut': (response) => {
              seen = [response.truncated, Array.isArray(response.json) && response.json.length];
              return true;
            },
          }),
        ),
      ),
    );
    assert.deepEqual(seen, [true, 8]);
  });

  it('refuses requests over HTTP, and names that are no methods', async () => {
    await assert.rejects(play(scenario('s', get('a', '/'))), {
      code: 'ELPIS_SHOT',
      message: /the gun grpc\/scenario cannot send this request, expected a call over gRPC/,
    });
    assert.throws(() => call('x', 'nothing'), { code: 'ELPIS_CONFIG', message: /call "x": "nothing" is not a method/ });
    const promised = call('x', `${ECHO}.Unary`, () => Promise.resolve({}) as never);
    await assert.rejects(play(scenario('s', promised)), /the payload/);
  });
});
