import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { lastValueFrom, toArray } from 'rxjs';
import { scenarioGun } from '../../../lib/builtins/scenarioGun.js';
import { scenarios } from '../../../lib/builtins/scenarios.js';
import { run } from '../../../lib/index.js';
import type { KeptExchange } from '../../../lib/measure/keptExchange.js';
import { check, get, scenario, status } from '../../../lib/scenario/index.js';
import { startTarget, type Target } from '../../../lib/target/target.js';

describe('kept exchanges', () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  const address = (): string => `127.0.0.1:${target.port}`;

  /** The exchanges that a run with one pool keeps. */
  async function kept(gun: object, ammo: object, more: object = {}, times = 12): Promise<readonly KeptExchange[]> {
    const pool = {
      ...{ id: 'p', gun, ammo, result: { type: 'discard' } },
      ...{ rps: { type: 'once', times }, startup: { type: 'once', times: 1 } },
    };
    const settings = { env: { PASSWORD: 'hope-for-all' } };
    const events = await lastValueFrom(run({ pools: [pool], ...more }, settings).pipe(toArray()));
    return events.flatMap((event) => (event.type === 'exchange' ? [event.exchange] : []));
  }

  const bad = {
    type: 'uri',
    uris: ['/status/503?secret=${PASSWORD} broken', '/ fine'],
    headers: ['[Authorization: Bearer abcdef]', '[X-Mine: ${PASSWORD}]', '[Accept: */*]'],
  };

  for (const type of ['http', 'http2', 'fetch']) {
    it(`of the gun ${type}: the first bad ones and some later ones, with request, response and curl, without secrets`, async () => {
      const all = await kept({ type, target: address() }, bad, { 'keep-exchanges': 2 });
      assert.equal(all.length, 4, '6 of 12 are bad, 2 first and 2 of the rest are kept');
      for (const { tag, reason, request, response, curl, serviceMs } of all) {
        assert.deepEqual([tag, reason], ['broken', 'status 503']);
        assert.ok(serviceMs >= 0);
        assert.match(request, /^GET \/status\/503\?secret=\S+ HTTP\/1\.1\r\nHost: 127\.0\.0\.1/);
        assert.match(request, /Authorization: \*\*\*/);
        assert.match(response ?? '', /503/);
        assert.match(
          curl ?? '',
          /^curl -i -X 'GET' .*-H 'Authorization: \*\*\*'.* 'https?:\/\/127\.0\.0\.1:\d+\/status\/503\?secret=\S+'$/,
        );
        for (const text of [request, response ?? '', curl ?? '']) assert.ok(!/hope-for-all|abcdef/.test(text), text);
      }
      assert.match(all[0]?.response ?? '', /^HTTP\/\S+ 503[\s\S]*\r\n\r\n/, 'the first has its head');
    });
  }

  it('of a scenario have the tag of the step, and the whole head of the response', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'elpis-')), 'shop.yaml');
    writeFileSync(
      file,
      'requests: [{name: pay, method: GET, uri: /status/500}]\nscenarios: [{name: s, requests: [pay]}]\n',
    );
    const [first] = await kept({ type: 'http/scenario', target: address() }, { type: 'http/scenario', file }, {}, 2);
    assert.deepEqual([first?.tag, first?.reason], ['s.pay', 'status 500']);
    assert.match(first?.response ?? '', /^HTTP\/1\.1 500/);
  });

  for (const [way, gun, ammo] of [
    ['a scenario in code', 'scenario', undefined],
    [
      'a scenario of a file',
      'http/scenario',
      'requests: [{name: pay, method: GET, uri: /status/200, postprocessors: [{type: assert/response, body: [no such text]}]}]\nscenarios: [{name: s, requests: [pay]}]\n',
    ],
  ] as const)
    it(`of ${way} are kept when a check fails although the status is good, with the check and the whole response`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
      const file = join(folder, 'shop.yaml');
      if (ammo !== undefined) writeFileSync(file, ammo);
      const shop = scenario('s', (visit) =>
        visit.pipe(
          get('pay', '/status/200', { headers: { Authorization: 'Bearer abcdef' } }),
          check({ 'is paid': (response) => response.status === 201, 'is there': status(200) }),
        ),
      );
      const source = ammo === undefined ? scenarios(shop) : { type: 'http/scenario', file };
      const used = ammo === undefined ? scenarioGun({ target: address() }) : { type: gun, target: address() };
      const all = await kept(used, source, { 'keep-exchanges': 1 }, 3);
      assert.equal(all.length, 2, 'one of the first, one of the later ones');
      for (const { tag, reason, request, response, curl } of all) {
        assert.equal(tag, ammo === undefined ? 's/pay' : 's.pay');
        assert.match(reason, ammo === undefined ? /^check: is paid$/ : /^postprocessor: /);
        assert.match(request, /^GET \/status\/200 HTTP\/1\.1\r\n/);
        assert.match(response ?? '', /^HTTP status 200\r\n[\s\S]+\r\n\r\n/);
        assert.match(curl ?? '', /^curl -i -X 'GET' /);
        assert.doesNotMatch(`${request}${response}${curl}`, /abcdef/);
      }
    });

  it('that failed have no response', async () => {
    const closed = await startTarget();
    const { port } = closed;
    await closed.close();
    const [first, ...others] = await kept(
      { type: 'http', target: `127.0.0.1:${port}` },
      bad,
      { 'keep-exchanges': 1 },
      2,
    );
    assert.equal(first?.response, null);
    assert.match(first.reason, /refused/);
    assert.equal(others.length, 1, 'the other tag');
  });

  it('are none with keep-exchanges: 0, and none when all is well', async () => {
    assert.deepEqual(await kept({ type: 'http', target: address() }, bad, { 'keep-exchanges': 0 }), []);
    assert.deepEqual(await kept({ type: 'http', target: address() }, { type: 'uri', uris: ['/ fine'] }), []);
  });

  it('are cut at 4 KiB, and a body that is no text has no curl', async () => {
    const data = JSON.stringify({
      method: 'POST',
      host: address(),
      uri: '/status/500',
      headers: {},
      body: 'x'.repeat(10_000),
    });
    const [first] = await kept(
      { type: 'http', target: address() },
      { type: 'http/json', file: { type: 'inline', data } },
      {},
      1,
    );
    assert.equal(first?.curl, undefined);
    assert.match(first?.request ?? '', /x\n\.\.\. \d+ bytes more$/);
    assert.ok((first?.request.length ?? 0) < 4200);
  });
});
