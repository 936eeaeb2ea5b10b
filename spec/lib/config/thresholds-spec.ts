import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { thresholdText } from '../../../lib/rules/threshold.js';

const POOL = `pools:
  - id: main
    gun: {type: http, target: "localhost:80"}
    ammo: {type: uri, uris: ["/ home", "/cart cart"]}
    result: {type: discard}
    rps: {type: const, ops: 1, duration: 1s}
    startup: {type: once, times: 1}
`;

async function read(more: string, env: Readonly<Record<string, string>> = {}) {
  const stdin = (async function* () {
    yield Buffer.from(`${POOL}${more}`);
  })();
  return loadConfig('-', { registry: builtins(), env, stdin })();
}

async function judgingOf(more: string, env?: Readonly<Record<string, string>>) {
  const config = await read(more, env);
  assert.ok(isRight(config), isLeft(config) ? config.left.message : '');
  return config.right.judging;
}

async function drawnErrors(more: string, env?: Readonly<Record<string, string>>): Promise<string> {
  const config = await read(more, env);
  assert.ok(isLeft(config) && config.left instanceof ConfigError);
  return config.left.message
    .split('\n')
    .slice(0, -1)
    .join('\n')
    .replaceAll(/^stdin:/gm, '');
}

describe('the key thresholds', () => {
  it('takes texts and maps, and one without a list', async () => {
    const { thresholds, failOn } = await judgingOf(`thresholds:
  - p99(response) < 250ms of tag "home"
  - condition: errors < 1%
    tag: cart
    pool: main
    over: 10s
    for: 3
    after: 30s
    otherwise: stop
  - {condition: checks > 99%}
`);
    assert.deepEqual(thresholds.map(thresholdText), [
      'p99(response) < 250ms of tag "home"',
      'errors < 1% of tag "cart" over 10s for 3 after 30s',
      'checks > 99%',
    ]);
    assert.deepEqual(
      thresholds.map(({ pool, otherwise }) => [pool, otherwise]),
      [
        [undefined, 'fail'],
        ['main', 'stop'],
        [undefined, 'fail'],
      ],
    );
    assert.equal(failOn, null);
    assert.equal((await judgingOf('thresholds: errors < 1%\n')).thresholds.length, 1);
    assert.equal((await judgingOf('thresholds: ${RULE}\n', { RULE: 'errors < 1%' })).thresholds.length, 1);
  });

  it('shows each fault at its place in the text, in all forms of YAML', async () => {
    assert.equal(
      await drawnErrors(`thresholds:
  - p99(respnse) < 250
  - "erors < 1%"
  - condition: errors = 1%
  - {condition: 'errors < 1 %', over: 10}
`),
      `9:9  thresholds[0]: expected one of response, service, lateness, wait or metric("name"), got "p99(respnse) < 250" (did you mean response?)
  9 |   - p99(respnse) < 250
    |         ^^^^^^^
10:6  thresholds[1]: expected a measure such as p99(response), errors, rate, count(status=5xx) or checks("name"), got "erors < 1%" (did you mean errors?)
  10 |   - "erors < 1%"
     |      ^^^^^
11:23  thresholds[2].condition: expected one of < <= > >= == !=, got "errors = 1%" (write ==)
  11 |   - condition: errors = 1%
     |                       ^
12:40  thresholds[3].over: expected a duration such as 30s, at least 1000ms, got 10 (a bare number is nanoseconds; write 10s or 10ms)
  12 |   - {condition: 'errors < 1 %', over: 10}
     |                                       ^^`.replace('12:40', '12:39'),
    );
  });

  it('shows the place in a block, and only the place of the whole for a text with escapes', async () => {
    assert.equal(
      await drawnErrors('autostop: |\n  http(5xx,10%,5s)\n  quantil(95,100ms,20s)\n'),
      `10:3  autostop: expected one of time, quantile, http, net, instances, total_time, total_http, total_net, negative_http, negative_net, got "http(5xx,10%,5s)\\nquantil(95,100ms,20s)\\n" (did you mean quantile?)
  10 |   quantil(95,100ms,20s)
     |   ^^^^^^^`,
    );
    assert.match(await drawnErrors('thresholds: "\\u0065rors < 1%"\n'), /^8:13 /);
  });

  it('does not show the value of a reference', async () => {
    const text = await drawnErrors('thresholds: ${RULE}\n', { RULE: 'secret-thing < 1%' });
    assert.match(text, /got "\$\{RULE\}"/);
    assert.ok(!text.includes('secret-thing'));
  });

  const wrong: readonly [sentence: string, more: string, message: RegExp][] = [
    [
      'an unknown pool',
      'thresholds: [errors < 1% of pool mian]\n',
      /thresholds\[0\]: expected a pool of the run, got "mian" \(did you mean main\?\)/,
    ],
    [
      'a tag that the ammo does not have',
      'thresholds: [errors < 1% of tag crat]\n',
      /expected a tag of the run, got "crat" \(did you mean cart\?\)/,
    ],
    [
      'a scenario without scenarios',
      'thresholds: errors < 1% of scenario buy\n',
      /thresholds: expected a scenario of the run, got "buy" \(there is no scenario\)/,
    ],
    ['two scopes', 'thresholds: [{condition: errors < 1%, tag: a, group: b}]\n', /one of tag and group, not both/],
    ['a clause twice', 'thresholds: [{condition: errors < 1% over 5s, over: 5s}]\n', /expected over only once/],
    ['a number', 'thresholds: 5\n', /expected text|quote it/],
    ['no condition', 'thresholds: [{tag: a}]\n', /condition: missing/],
    ['an unknown rule', 'autostop: ["http_trend(2xx,10s)"]\n', /a supported rule: http_trend is not/],
    ['a rule that YAML splits', 'autostop: [http(5xx,10%,5s)]\n', /got "http\(5xx" \(quote it: in a list in brackets/],
    ['an unknown reason', 'verdict: {ignore: [latenes]}\n', /did you mean lateness\?/],
    ['a share above 100', 'verdict: {not-shot: 101}\n', /at most 100/],
    ['another level', 'verdict: {fail-on: bad}\n', /one of degraded, invalid/],
  ];
  for (const [sentence, more, message] of wrong)
    it(`refuses ${sentence}`, async () => assert.match(await drawnErrors(more), message));

  const json = (tag: string): string => `{"tag": "${tag}", "uri": "/", "method": "GET", "host": "a"}`;
  const raw = 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n';
  const SCENARIO = `{requests: [{name: pay, method: GET, uri: /}, {name: b, tag: look, method: GET, uri: /}], scenarios: [{name: buy, requests: [pay, b]}]}`;
  const sources: readonly [format: string, gun: string, ammo: (file: string) => string, text: string, tag?: string][] =
    [
      ['uri', 'http', (data) => `{type: uri, file: {type: inline, data: ${data}}}`, '/ home\n/cart cart\n'],
      ['uripost', 'http2', (data) => `{type: uripost, file: {type: inline, data: ${data}}}`, '1 / cart\na\n'],
      [
        'raw',
        'connect',
        (data) => `{type: raw, file: {type: inline, data: ${data}}}`,
        `${raw.replaceAll('\\r\\n', '\r\n').length} cart\n${raw.replaceAll('\\r\\n', '\r\n')}\n`,
      ],
      ['http/json', 'fetch', (data) => `{type: http/json, file: {type: inline, data: ${data}}}`, json('cart')],
      ['http', 'http', (data) => `{type: http, decoder: uri, file: {type: inline, data: ${data}}}`, '/cart cart\n'],
      [
        'grpc/json',
        'grpc',
        (data) => `{type: grpc/json, file: {type: inline, data: ${data}}}`,
        '{"tag": "cart", "call": "a.B.C", "payload": {}}',
      ],
    ];
  const issueOf = async (gun: string, ammo: string, tag: string): Promise<string> => {
    const pool = POOL.replace('type: http,', `type: ${gun},`).replace(/ammo: .*/, `ammo: ${ammo}`);
    const stdin = (async function* () {
      yield Buffer.from(`${pool}thresholds: errors < 1% of tag ${tag}\n`);
    })();
    const config = await loadConfig('-', { registry: builtins(), env: {}, stdin })();
    return isRight(config) ? '' : config.left.message;
  };
  for (const [format, gun, ammo, text] of sources)
    it(`knows the tags of ammo of the format ${format}`, async () => {
      const source = ammo(JSON.stringify(text));
      assert.equal(await issueOf(gun, source, 'cart'), '');
      assert.match(await issueOf(gun, source, 'crat'), /expected a tag of the run, got "crat" \(did you mean cart\?\)/);
    });

  it('knows the tags of a scenario file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-thresholds-'));
    const file = join(folder, 'shop.yaml');
    writeFileSync(file, SCENARIO);
    const ammo = `{type: http/scenario, file: ${file}}`;
    for (const tag of ['buy.pay', 'buy.b', '"buy.b|__EMPTY__"'])
      assert.equal(await issueOf('http/scenario', ammo, tag), '');
    assert.match(await issueOf('http/scenario', ammo, 'buy.pya'), /did you mean buy\.pay\?/);
    rmSync(folder, { recursive: true });
  });

  it('knows no tags when a middleware may change them, or an item cannot be read', async () => {
    const ammo = (more: string, data: string) =>
      `{type: http/json, file: {type: inline, data: ${JSON.stringify(data)}}${more}}`;
    assert.equal(await issueOf('http', ammo(', middlewares: [{type: header/date}]', json('cart')), 'x'), '');
    assert.match(
      await issueOf('http', ammo(', chosencases: [a]', json('cart') + json('a')), 'cart'),
      /tags are a, discarded/,
    );
  });

  it('accepts a tag that may appear: a discarded operation, a tag of an operator, or one of other ammo', async () => {
    await judgingOf('thresholds: errors < 1% of tag discarded\n');
    assert.equal(await issueOf('connect', '{type: uri, uris: [/ a], middlewares: [{type: header/date}]}', 'x'), '');
  });
});

describe('the key verdict', () => {
  it('changes limits and the level that fails', async () => {
    const { verdict, failOn } = await judgingOf(
      'verdict: {fail-on: invalid, lateness: 50ms, not-shot: 5, ignore: [cpu, gc]}\n',
    );
    assert.deepEqual([verdict, failOn], [{ latenessMs: 50, notShotPercent: 5, ignore: ['cpu', 'gc'] }, 'invalid']);
    assert.equal((await judgingOf('strict: true\n')).failOn, 'degraded');
  });
});
