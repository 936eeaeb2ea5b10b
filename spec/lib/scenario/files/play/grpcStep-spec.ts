import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { from, of } from 'rxjs';
import type { GrpcCall } from '../../../../../lib/protocols/grpc.js';
import { NetSample } from '../../../../../lib/protocols/netSample.js';
import { type Exchange, TransportResponse, type Transports } from '../../../../../lib/protocols/transport.js';
import { type CompiledScenarios, compileGrpcScenarios } from '../../../../../lib/scenario/files/compile.js';
import type { GrpcCallStep, GrpcScenarioFile } from '../../../../../lib/scenario/files/model.js';
import type { Scenario } from '../../../../../lib/scenario/scenario.js';
import { scenarioGuns } from '../../../../../lib/scenario/scenarioGun.js';
import { seededRandom } from '../../../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../../../lib/time/virtualClock.js';

type ShortCall = Pick<GrpcCallStep, 'name'> & Partial<Omit<GrpcCallStep, 'path'>>;

/** A file that plays its calls in order. */
function fileOf(calls: readonly ShortCall[]): GrpcScenarioFile {
  const steps = calls.map(
    (short, i): GrpcCallStep => ({
      path: ['calls', i],
      call: 'shop.Shop.Buy',
      payload: '{}',
      metadata: {},
      tag: short.name,
      preprocessors: [],
      postprocessors: [],
      ...short,
    }),
  );
  return {
    protocol: 'grpc',
    source: { name: 'file.yaml', written: undefined, place: () => undefined },
    variableSources: [{ path: [], type: 'variables', name: 'v', variables: { list: ['a', 'b'] } }],
    steps,
    scenarios: [
      {
        path: ['scenarios', 0],
        name: 's',
        weight: 1,
        minWaitingTimeMs: 0,
        runs: steps.map((step, i) => ({ path: [i], step, count: 1, sleepMs: 0, lastSleepMs: 0 })),
      },
    ],
  };
}

function compiled(file: GrpcScenarioFile): CompiledScenarios {
  const result = compileGrpcScenarios(file);
  if (isLeft(result)) throw new Error('the file is wrong');
  return result.right;
}

/** What a call gets: the mapped code, the message in JSON and in text form; or the codes of a failure. */
interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string | (() => string);
  readonly failed?: { readonly protoCode: number; readonly errorName: string };
}

class GrpcResponse extends TransportResponse {
  constructor(
    status: number,
    json: unknown,
    private readonly written: Answer['text'],
  ) {
    super(status, [], json === undefined ? undefined : Buffer.from(JSON.stringify(json)));
  }

  get protoText(): string | undefined {
    return typeof this.written === 'function' ? this.written() : this.written;
  }
}

/** Plays a file against answers, one after another. */
function play(file: GrpcScenarioFile, answers: readonly Answer[], runs = 1): { sent: GrpcCall[]; samples: string[] } {
  const sent: GrpcCall[] = [];
  const samples: string[] = [];
  const scheduler = new VirtualClock();
  const exchange = (answer: Answer, shot: Parameters<typeof NetSample.of>[0]): Exchange => {
    const sample = NetSample.of(shot);
    if (answer.failed !== undefined) {
      sample.end(scheduler.now(), answer.failed.protoCode);
      sample.errorName = answer.failed.errorName;
      sample.verdict = 'failed';
      return { sample };
    }
    const { status = 200, json, text } = answer;
    return { sample: sample.end(scheduler.now(), status), response: new GrpcResponse(status, json, text) };
  };
  const transports: Transports<GrpcCall> = {
    create: () => ({
      origin: 'http://target',
      send: (call, shot) => {
        sent.push(call);
        return of(exchange(answers[(sent.length - 1) % answers.length] as Answer, shot));
      },
    }),
  };
  const gun = scenarioGuns({
    transports,
    writeScenarios: false,
    deps: { scheduler, random: seededRandom(1), share: { index: 0, of: 1 } },
  }).create({ instance: 0 });
  const [scenario] = compiled(file).scenarios({ random: () => 0 }) as readonly [Scenario];
  for (let index = 0; index < runs; index++) {
    const ammo = { protocol: 'scenario', id: index + 1, tag: 's', scenario } as const;
    const shot = { index, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
    from(gun.shoot(ammo, shot)).subscribe(({ tag, scope, netCode, protoCode, verdict, errorName }) => {
      if (scope === '') samples.push(`${tag} ${netCode} ${protoCode} ${verdict} ${errorName}`.trim());
    });
    scheduler.run(1000);
  }
  return { sent, samples };
}

describe('a call of a file', () => {
  it('renders payload and metadata, anew for each call', () => {
    const file = fileOf([
      {
        name: 'a',
        preprocessors: [
          { path: [], type: 'prepare', mapping: { x: 'source.v.list[next]' } },
          { path: [], type: 'prepare', mapping: { x: 'source.v.list[last]', y: 'randInt(7,8)' } },
        ],
        payload: '{"id": 9007199254740993, "x": "{{.request.a.preprocessor.x}}", "y": {{.request.a.preprocessor.y}}}',
        metadata: { user: '{{.request.a.preprocessor.x}}' },
      },
    ]);
    const { sent, samples } = play(file, [{ json: {} }], 2);
    // The value of an earlier preprocessor stays.
    const call = (x: string): GrpcCall => ({
      method: 'shop.Shop.Buy',
      metadata: { user: x },
      payload: { id: 9007199254740993n, x, y: 7 },
    });
    assert.deepEqual(sent, [call('a'), call('b')]);
    assert.deepEqual(samples, ['s.a 0 200 ok', 's.a 0 200 ok']);
  });

  it('metadata is rendered for each call when the payload is constant', () => {
    const mapping = { x: 'source.v.list[next]' };
    const preprocessors = [{ path: [], type: 'prepare', mapping }] as const;
    const metadata = { user: '{{.request.a.preprocessor.x}}' };
    const { sent } = play(fileOf([{ name: 'a', preprocessors, metadata }]), [{ json: {} }], 3);
    assert.deepEqual(
      sent.map((call) => call.metadata),
      [{ user: 'a' }, { user: 'b' }, { user: 'a' }],
    );
  });

  it('a constant call is one object, and an empty payload an empty message', () => {
    const { sent } = play(fileOf([{ name: 'a', payload: '' }]), [{ json: {} }], 2);
    assert.equal(sent[0], sent[1]);
    assert.deepEqual(sent[0], { method: 'shop.Shop.Buy', metadata: null, payload: null });
  });

  it('its message is the variables of later calls', () => {
    const { sent } = play(
      fileOf([
        { name: 'a' },
        {
          name: 'b',
          payload: '{"t": "{{.request.a.postprocessor.token}}", "n": {{index .request.a.postprocessor.items 0}}}',
        },
      ]),
      [{ json: { token: 'T', items: [1234567] } }],
    );
    assert.deepEqual(sent[1]?.payload, { t: 'T', n: 1234567 });
  });

  it('a status of gRPC that is not OK is a response', () => {
    const { samples } = play(fileOf([{ name: 'a' }, { name: 'b' }]), [{ status: 404 }, { json: {} }]);
    assert.deepEqual(samples, ['s.a 0 404 bad', 's.b 0 200 ok']);
  });

  it('has the tag that it says, which may be empty', () => {
    assert.deepEqual(play(fileOf([{ name: 'a', tag: '' }]), [{ json: {} }]).samples, ['s. 0 200 ok']);
  });
});

describe('a call of a file that fails', () => {
  const tooDeep = (): never => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  const assertion = (statusCode: number, ...payload: string[]): Partial<ShortCall> => ({
    postprocessors: [{ path: [], type: 'assert/response', statusCode, payload }],
  });
  const rows: [what: string, call: Partial<ShortCall>, answer: Answer, sample: string][] = [
    [
      'a mapping',
      { preprocessors: [{ path: [], type: 'prepare', mapping: { x: 'source.nope' } }] },
      {},
      '0 0 failed preprocessor: missing-key',
    ],
    ['a template', { payload: '{{.a.b.c' }, {}, '0 0 failed template: template-syntax'],
    ['a payload that is no JSON', { payload: '{"a": ' }, {}, '0 400 failed template: bad-payload'],
    ['a payload that is no object', { payload: '[{{1}}]' }, {}, '0 400 failed template: bad-payload'],
    ['a code', assertion(404), {}, '0 0 bad postprocessor: status-mismatch'],
    [
      'the text of the message',
      assertion(0, 'token:"y"'),
      { json: {}, text: 'token:"x"' },
      '0 0 bad postprocessor: body-mismatch',
    ],
    ['no message', assertion(0, 'x'), {}, '0 0 bad postprocessor: body-mismatch'],
    [
      'a message without a text form',
      assertion(0, 'x'),
      { json: {}, text: tooDeep },
      '0 0 bad postprocessor: too-deep',
    ],
    [
      'a message nested over 512 deep',
      {},
      { json: JSON.parse(`${'[{"a":'.repeat(400)}1${'}]'.repeat(400)}`) },
      '0 0 bad postprocessor: too-deep',
    ],
    [
      'the network',
      {},
      { failed: { protoCode: 503, errorName: 'connection refused' } },
      '0 503 failed connection refused',
    ],
  ];
  for (const [what, call, answer, sample] of rows)
    it(`because of ${what}, ends its scenario`, () => {
      const { samples } = play(fileOf([{ name: 'a', ...call }, { name: 'b' }]), [answer]);
      assert.deepEqual(samples, [`s.a|__EMPTY__ ${sample}`]);
    });

  it('but not when its checks hold', () => {
    const { samples } = play(fileOf([{ name: 'a', ...assertion(200, 'token:"x"', 'n:1') }]), [
      { json: { token: 'x' }, text: 'token:"x" n:1' },
    ]);
    assert.deepEqual(samples, ['s.a 0 200 ok']);
  });

  it('is a warning at its place when it fails in every run', () => {
    const { warnings } = compiled(
      fileOf([
        { name: 'a', payload: '{' },
        { name: 'b', metadata: { m: '{{' } },
      ]),
    );
    const places = warnings.map(({ context }) =>
      context
        .slice(1)
        .map(({ key }) => key)
        .join('.'),
    );
    assert.deepEqual(places, ['calls.0.payload', 'calls.1.metadata.m']);
  });
});
