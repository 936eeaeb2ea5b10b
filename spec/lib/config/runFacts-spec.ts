import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Document, valueDocument } from '../../../lib/config/document.js';
import { runFacts } from '../../../lib/config/runFacts.js';
import { Redactor, withoutSecretHeaders, withoutSecretLines } from '../../../lib/core/redact.js';
import { pool as definePool, http, line } from '../../../lib/index.js';

const factsOf = (document: Partial<Document>) => runFacts({ ...valueDocument({}), ...document }, 1024);
const textOf = (document: Partial<Document>): string => factsOf(document).config.text;

describe('the facts of a run', () => {
  it('have the versions and the machine', () => {
    const { versions, host } = factsOf({});
    assert.match(versions.elpis, /^\d+\.\d+\.\d+/);
    assert.equal(versions.node, process.versions.node);
    assert.ok(host.cpus >= 1 && host.memoryBytes > 1e6);
    assert.equal(host.openFilesLimit, 1024);
  });

  it('have the config as written, without the values of references', () => {
    const text = 'pools: # mine\n  - id: ${env:ID}\n    uri: /hope-and-glory';
    const redactor = new Redactor([['hope-and-glory', '${env:PATH}']]);
    assert.equal(textOf({ text, redactor }), 'pools: # mine\n  - id: ${env:ID}\n    uri: /${env:PATH}');
  });

  it('hide headers and keys that carry secrets, in YAML and in JSON', () => {
    const text = [
      'headers:',
      '  - "[Authorization: Bearer abc]"',
      "  - '[Cookie: sid=1]'",
      '  X-Api-Key: "abc"',
      '  Proxy-Authorization: ${env:AUTH}',
      '  Accept: */*',
      'password: hope for all',
      'more: {db-token: eyJhb.Gci, retries: 3}',
      'private_key: |',
      '  first line',
      '  second line',
      'json: {"Set-Cookie": "sid=1; Secure", "a": 1}',
      'address: http://ann:glory@host/',
    ].join('\n');
    const written = {
      ...{ password: 'hope for all', more: { 'db-token': 'eyJhb.Gci' }, private_key: 'first line\nsecond line\n' },
    };
    assert.equal(
      textOf({ text, written }),
      [
        'headers:',
        '  - "[Authorization: ***]"',
        "  - '[Cookie: ***]'",
        '  X-Api-Key: "***"',
        '  Proxy-Authorization: ${env:AUTH}',
        '  Accept: */*',
        'password: ***',
        'more: {db-token: ***, retries: 3}',
        'private_key: |',
        '  ***',
        '  ***',
        'json: {"Set-Cookie": "***", "a": 1}',
        'address: http://***@host/',
      ].join('\n'),
    );
  });

  it('have a config of code as JSON, with its components by name', () => {
    const pool = definePool({
      ...{ id: 'a', gun: http({ target: 'localhost:80' }), ammo: { type: 'dummy' }, result: { type: 'discard' } },
      ...{ rps: line({ from: 1, to: 5, duration: '2s' }), startup: { type: 'once', times: 1 } },
    });
    const written = { pools: [pool], token: 'eyJhb.Gci' };
    const shown = JSON.parse(textOf({ written })) as { pools: [{ gun: object; rps: object }]; token: string };
    assert.deepEqual(shown.pools[0].gun, { type: 'http', target: 'localhost:80' });
    assert.deepEqual(shown.pools[0].rps, { type: 'line', from: 1, to: 5, duration: '2s' });
    assert.equal(shown.token, '***');
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    assert.equal(textOf({ written: circular }), '(a value that JSON cannot have)');
  });

  it('are cut at 256 KiB', () => {
    const text = textOf({ text: 'x'.repeat(300_000) });
    assert.equal(text, `${'x'.repeat(256 * 1024)}\n... cut: 300000 characters`);
  });

  it('have the options of the command line, without secrets', () => {
    const overrides = {
      ...{ target: 'ann:glory@host:80', rateScale: 2, durationMs: 1000 },
      set: ['pools.0.gun.auth-token=abcdef', 'pools.0.id=a'],
    };
    assert.deepEqual(factsOf({ overrides }).config.overrides, [
      '--target ***@host:80',
      '--rate-scale 2',
      '--duration 1000ms',
      '--set pools.0.gun.auth-token=***',
      '--set pools.0.id=a',
    ]);
  });
});

describe('withoutSecretLines', () => {
  it('hides a value with quotes up to the end of its line', () => {
    const text = 'GET / HTTP/1.1\r\nCookie: a="b"; c=[d]\r\nAccept: cookie: x\r\n\r\n';
    assert.equal(withoutSecretLines(text), 'GET / HTTP/1.1\r\nCookie: ***\r\nAccept: cookie: x\r\n\r\n');
  });
});

describe('withoutSecretHeaders', () => {
  for (const [text, shown] of [
    ['Authorization: Basic YQ==\r\nHost: a\r\n', 'Authorization: ***\r\nHost: a\r\n'],
    ['set-cookie: a=1; Path=/\nx: 1', 'set-cookie: ***\nx: 1'],
    ["-H 'cookie: a=1' -H 'Accept: b'", "-H 'cookie: ***' -H 'Accept: b'"],
    ['no-cookies: here, authorizations: 3', 'no-cookies: here, authorizations: 3'],
    ['cookies: instance', 'cookies: instance'],
    ['Cookie:', 'Cookie:'],
  ] as const) {
    it(`makes ${JSON.stringify(shown)} of ${JSON.stringify(text)}`, () => {
      assert.equal(withoutSecretHeaders(text), shown);
    });
  }
});
