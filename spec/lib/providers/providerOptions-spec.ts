import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import type { JsonAmmo, NumberAmmo } from '../../../lib/protocols/plainAmmo.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { draw, providerOf } from './drawAmmo.js';
import { type Options, targets } from './outcome.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-reading-'));
after(() => rmSync(folder, { recursive: true }));

describe('config of providers', () => {
  const BAD: readonly (readonly [sentence: string, config: Options, code: string, key: string])[] = [
    ['a missing file', { type: 'uri', file: 'no/such' }, 'missing-file', 'file'],
    ['neither file nor uris', { type: 'uri' }, 'required', ''],
    ['no file in another format', { type: 'raw' }, 'required', ''],
    ['uris in another format', { type: 'raw', uris: ['/a'] }, 'bad-value', ''],
    ['a header without brackets', { type: 'uri', uris: ['/a'], headers: ['A: 1'] }, 'bad-header', 'headers.0'],
    ['a header that is a list in YAML', { type: 'uri', uris: ['/a'], headers: [['A: 1']] }, 'wrong-type', 'headers.0'],
    ['a negative limit', { type: 'uri', uris: ['/a'], limit: -1 }, 'negative-number', 'limit'],
    ['an unknown decoder', { type: 'http', decoder: 'json', file: '/dev/null' }, 'one-of', 'decoder'],
    ['no decoder', { type: 'http', file: '/dev/null' }, 'required', 'decoder'],
    ['json as a type of HTTP ammo needs a source', { type: 'json' }, 'required', 'source'],
    ['a broken list', { type: 'http/json', file: { type: 'inline', data: '[{}\n,{"uri":}]' } }, 'bad-json', 'file'],
    ['a list of numbers', { type: 'http/json', file: { type: 'inline', data: '[5]' } }, 'bad-json', 'file'],
    [
      'a list without an end',
      { type: 'http', decoder: 'jsonline', file: { type: 'inline', data: '[{}' } },
      'bad-json',
      'file',
    ],
    [
      'a bad time zone',
      { type: 'uri', uris: ['/a'], middlewares: [{ type: 'header/date', location: '+03:00' }] },
      'bad-time-zone',
      'middlewares.0.location',
    ],
  ];
  for (const [sentence, config, code, key] of BAD) {
    it(`refuses ${sentence}`, () => {
      assert.throws(
        () => providerOf(config),
        ({ issues: [issue] }: { issues: [CodecIssue] }) => {
          const path = issue.context.map(({ key: name }) => name).filter((name) => name !== '');
          assert.deepEqual([issue.code, path.join('.')], [code, key]);
          return true;
        },
      );
    });
  }

  it('ignores the decoder of a format that is fixed', async () => {
    const { ammo } = await draw<HttpAmmo>({ type: 'uri', uris: ['/a'], decoder: 'raw', passes: 1 });
    assert.equal(targets(ammo), 'a');
  });

  it('checks compressed files too', () => {
    const path = join(folder, 'list.gz');
    writeFileSync(path, gzipSync('"x"'));
    assert.throws(() => providerOf({ type: 'http/json', file: path }));
  });
});

describe('the middleware header/date', () => {
  const dated = async (options: Options, now: number): Promise<(readonly [string, string])[]> => {
    const scheduler = new VirtualClock();
    scheduler.now = () => now;
    const middlewares = [{ type: 'header/date', ...options }];
    const config = { type: 'uri', uris: ['[Date: own]', '/a'], middlewares, passes: 1 };
    const { ammo } = await draw<HttpAmmo>(config, { scheduler });
    return [...(ammo[0] as HttpAmmo).request.headers];
  };
  const NOW = Date.UTC(2024, 1, 29, 23, 5, 9, 999);

  it('adds a header with the time, and replaces none', async () => {
    assert.deepEqual(await dated({}, NOW), [
      ['Date', 'own'],
      ['Date', 'Thu, 29 Feb 2024 23:05:09 GMT'],
    ]);
  });

  const ZONES = [
    ['Europe/Berlin', 'Fri, 01 Mar 2024 00:05:09 GMT'],
    ['America/St_Johns', 'Thu, 29 Feb 2024 19:35:09 GMT'],
    ['UTC', 'Thu, 29 Feb 2024 23:05:09 GMT'],
    ['', 'Thu, 29 Feb 2024 23:05:09 GMT'],
  ] as const;
  for (const [location, written] of ZONES) {
    it(`shows the time of "${location}" and names it GMT`, async () => {
      assert.deepEqual((await dated({ location, headerName: 'x-when' }, NOW))[1], ['X-When', written]);
    });
  }
});

describe('other providers', () => {
  it('json returns any values, over passes and up to a limit', async () => {
    const config = { type: 'json', source: { type: 'inline', data: '1 "a"[2]{"b":null}\ntrue' }, limit: 7, passes: 3 };
    const { ammo } = await draw<JsonAmmo>(config);
    assert.deepEqual(
      ammo.map(({ value }) => value),
      [1, 'a', [2], { b: null }, true, 1, 'a'],
    );
    assert.deepEqual(ammo[6], { protocol: 'json', id: 7, tag: '', value: 'a' });
  });

  it('json reports the place of an error', async () => {
    const { error } = await draw({ type: 'json', source: { type: 'inline', data: '1\n2\n{' } });
    assert.match((error as Error).message, /^inline:3: "{" is bad/);
  });

  it('num counts from 0, in shares too', async () => {
    const values = async (limit: number, index: number, of: number): Promise<number[]> => {
      const { ammo } = await draw<NumberAmmo>({ type: 'num', limit }, { share: { index, of } }, 4);
      for (const { id, value } of ammo) assert.equal(id, value + 1);
      return ammo.map(({ value }) => value);
    };
    assert.deepEqual(await values(3, 0, 1), [0, 1, 2]);
    assert.deepEqual(await values(0, 0, 1), [0, 1, 2, 3]);
    assert.deepEqual(await values(5, 1, 2), [1, 3]);
  });

  it('dummy is endless', async () => {
    const { ammo, exhausted } = await draw({ type: 'dummy' }, {}, 3);
    assert.deepEqual(
      ammo,
      [1, 2, 3].map((id) => ({ protocol: 'empty', id, tag: '' })),
    );
    assert.equal(exhausted, false);
  });
});
