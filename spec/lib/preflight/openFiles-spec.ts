import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scenarioGun } from '../../../lib/builtins/scenarioGun.js';
import type { Issue } from '../../../lib/codec/issue.js';
import type { ConfiguredComponent } from '../../../lib/plugin/configured.js';
import { preflight } from '../../../lib/preflight/preflight.js';
import { get, scenario } from '../../../lib/scenario/index.js';
import { scenarioProvider } from '../../../lib/scenario/scenarioProvider.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { check, pool, ROOMY } from './checkPools.js';

describe('preflight: the connections of the gun connect', () => {
  const uris = ['[Host: a.test]', '/1', '/2', '[Host: B.test]', '/3', '[Host: b.test]', '/4', '[Host: c.test]', '/5'];
  const through = (gun: object = {}, ammo: object = { type: 'uri', uris }, more: object = {}): object =>
    pool({ instances: 100, gun: { type: 'connect', ...gun }, more: { ammo, ...more } });
  const messageOf = (pools: readonly object[]): string =>
    check(pools, { openFiles: 100 }).map(({ message }) => message)[0] ?? '';

  it('are one for each host of the ammo and each instance', () => {
    assert.match(messageOf([through()]), /^a may open 300 connections \(100 instances x 3 hosts\)/);
  });

  const rows: readonly (readonly [says: string, pool: object, expected: RegExp])[] = [
    [
      'at most as many as max-idle-conns',
      through({ 'max-idle-conns': 2 }),
      /200 connections \(100 instances x 2 hosts\)/,
    ],
    [
      'one when each shot has its own',
      through({ 'disable-keep-alives': true }),
      /100 connections \(100 instances x 1\)/,
    ],
    [
      'at most one per shot',
      through({}, undefined, { rps: { type: 'once', times: 150 } }),
      /150 connections \(100 instances, 150 shots\)/,
    ],
    ['one for ammo with one host', through({}, { type: 'uri', uris: ['/'] }), /100 connections \(100 instances x 1\)/],
    [
      'those of each format',
      through({}, { type: 'http/json', file: { type: 'inline', data: '{"host":"a"}\n{"host":"b"}' } }),
      /100 instances x 2 hosts/,
    ],
    [
      'those of all providers of a mix',
      through(
        {},
        { type: 'mix', providers: [{ ammo: { type: 'uri', uris } }, { ammo: { type: 'uri', uris: ['/'] } }] },
      ),
      /100 instances x 4 hosts/,
    ],
    ['those before a mistake in the ammo', through({}, { type: 'uri', uris: [...uris, '[broken'] }), /x 3 hosts/],
  ];
  for (const [says, made, expected] of rows) it(`are ${says}`, () => assert.match(messageOf([made]), expected));

  it('of the gun http are one for each instance, whatever the hosts are', () => {
    assert.match(messageOf([through({ type: 'http' })]), /100 connections \(100 instances x 1\)/);
  });
});

describe('preflight: open files', () => {
  const rows: readonly [
    sentence: string,
    pools: readonly object[],
    openFiles: number,
    level: string,
    message: RegExp,
  ][] = [
    ['as many connections as files fit beside the others', [pool({ instances: 936 })], 1000, '', /^$/],
    [
      'more connections than files are an error with the sum',
      [pool({ instances: 50_000 })],
      20_000,
      'error',
      /^a may open 50,000 connections \(50,000 instances x 1\) \+ 64 other files = 50,064, but this process may have 20,000 files open \(ulimit -n\)$/,
    ],
    [
      'a sum that only the other files exceed is a warning',
      [pool({ instances: 950 })],
      1000,
      'warning',
      /= 1,014, but/,
    ],
    [
      'pools share the limit',
      [pool({ instances: 600 }), pool({ id: 'b', instances: 500 })],
      1000,
      'error',
      /^a may open 600 connections \(600 instances x 1\) \+ b 500 \(500 instances x 1\) \+ 64 other files = 1,164, but/,
    ],
    [
      'an instance without a shot opens nothing',
      [pool({ instances: 50_000, rps: { type: 'once', times: 2000 } })],
      1000,
      'error',
      /^a may open 2,000 connections \(50,000 instances, 2,000 shots\)/,
    ],
    [
      'few shots by many instances fit',
      [pool({ instances: 50_000, rps: { type: 'once', times: 900 } })],
      1000,
      '',
      /^$/,
    ],
    [
      'connections that are closed before many are open are a warning only',
      [pool({ instances: 5000, rps: { type: 'const', ops: 10, duration: '1h' } })],
      1000,
      'warning',
      /5,000 connections/,
    ],
    [
      'unless they are kept for ever',
      [
        pool({
          instances: 5000,
          rps: { type: 'const', ops: 10, duration: '1h' },
          gun: { 'idle-conn-timeout': '0s' },
        }),
      ],
      1000,
      'error',
      /5,000 connections/,
    ],
    [
      'without keep-alive, only slow responses need many',
      [pool({ instances: 5000, gun: { 'disable-keepalives': true } })],
      1000,
      'warning',
      /5,000 connections/,
    ],
    [
      'with a shared client, only slow responses need many',
      [pool({ instances: 5000, gun: { 'shared-client': { enabled: true, 'client-number': 1 } } })],
      1000,
      'warning',
      /5,000 connections/,
    ],
    [
      'instances that start after the last shot are not sure to shoot',
      [
        pool({
          startup: { type: 'const', ops: 100, duration: '100s' },
          rps: { type: 'const', ops: 10_000, duration: '5s' },
        }),
      ],
      1000,
      'warning',
      /10,000 connections/,
    ],
    [
      'instances with a schedule each all shoot',
      [pool({ instances: 5000, rps: { type: 'once', times: 1 }, more: { 'rps-per-instance': true } })],
      1000,
      'error',
      /5,000 instances x 1/,
    ],
    [
      'nothing is shot, nothing opened',
      [pool({ instances: 5000, rps: { type: 'const', ops: 0, duration: '1s' } })],
      1000,
      '',
      /^$/,
    ],
    [
      'a closed loop uses every instance',
      [pool({ instances: 5000, rps: { type: 'unlimited', duration: '9s' } })],
      1000,
      'error',
      /5,000/,
    ],
    [
      'the fetch gun is counted in the same way',
      [pool({ instances: 5000, gun: { type: 'fetch' } })],
      1000,
      'error',
      /5,000/,
    ],
    [
      'a pool that may grow is counted with its largest size',
      [pool({ instances: 10, more: { overflow: { policy: 'grow', 'max-instances': 2000 } } })],
      1000,
      'warning',
      /2,000 instances x 1/,
    ],
  ];
  for (const [sentence, pools, openFiles, level, message] of rows)
    it(sentence, () => {
      const found = check(pools, { openFiles });
      assert.equal(found.map((issue) => issue.severity).join(), level);
      assert.match(found[0]?.message ?? '', message);
    });

  it('every further thread needs some files of its own, and the hint has the number', () => {
    const [found] = check([pool({ instances: 1000 })], { openFiles: 1000 }, 3);
    assert.match(found?.message ?? '', /\+ 104 other files \(64 \+ 2 threads x 20\) = 1,104/);
    assert.match(found?.hint ?? '', /^ulimit -n 1104 before the start/);
  });

  it('threads that cannot all load their modules are an error, without any connection', () => {
    const [found] = check([pool({ instances: 1 })], { openFiles: 100 }, 16);
    assert.deepEqual(
      [found?.severity, found?.message, found?.hint],
      [
        'error',
        '16 threads may open 364 files (64 + 15 threads x 20) while they load their modules, but this process may have 100 files open (ulimit -n)',
        'ulimit -n 365 before the start, or fewer threads',
      ],
    );
  });

  it('a gun is identified by its traits, never by its name or its options', () => {
    const gunOf = (name: string, traits: ConfiguredComponent<'gun'>['traits']): ConfiguredComponent<'gun'> => ({
      kind: 'gun',
      name,
      options: { target: { host: 'x', port: 1, text: 'x:1' } },
      create: () => assert.fail('not made'),
      describe: () => name,
      traits,
    });
    const found = (gun: ConfiguredComponent<'gun'>): readonly Issue[] => {
      const own = { id: 'a', gun, rpsPerInstance: false, overflow: { policy: 'queue' } } as const;
      return preflight([own], [{ instances: oncePlan({ times: 1e6 }) }], { openFiles: 10 });
    };
    const connections = { target: { host: 'x', port: 1, text: 'x:1' }, keepAlive: true, idleMs: 0, shared: false };
    assert.deepEqual(found(gunOf('http', {})), []);
    assert.equal(
      found(gunOf('mine', { connections }))[0]?.message.startsWith('a may open 1,000,000 connections'),
      true,
    );
  });

  it('a scenario pool with 50,000 instances and 1,024 files is refused', () => {
    const gun = scenarioGun({ target: '10.0.0.1:80' });
    const ammo = scenarioProvider({ scenarios: [scenario('browse', get('goods', '/goods'))] });
    const [found] = check([{ ...pool({ instances: 50_000 }), gun, ammo }], { openFiles: 1024 });
    assert.equal(found?.severity, 'error');
    assert.match(found?.message ?? '', /50,000 instances x 1/);
  });

  it('an unknown limit is not checked', () => {
    assert.deepEqual(check([pool({ instances: 1e9 })], {}), []);
  });
});

describe('the part of a worker', () => {
  const messages = (issues: readonly Issue[]): readonly string[] =>
    issues.map(({ severity, message }) => `${severity}: ${message}`);

  it('opens the connections of its instances: a run that is too large for one machine fits on three', () => {
    const pools = [pool({ instances: 301 })];
    const limits = { ...ROOMY, openFiles: 200 };
    assert.match(messages(check(pools, limits))[0] ?? '', /error: a may open 301 connections/);
    assert.deepEqual(check(pools, limits, 1, 3), []);
    assert.match(
      messages(check(pools, { ...ROOMY, openFiles: 160 }, 1, 3))[0] ?? '',
      /a may open 101 connections \(101 instances x 1\) \+ 64 other files = 165, but this process may have 160 files open/,
    );
  });

  it('opens its part of the connections per shot, and of the instances that are added', () => {
    const perShot = [
      pool({
        gun: { 'disable-keep-alives': true },
        instances: 300,
        rps: { type: 'const', ops: 3000, duration: '90s' },
      }),
    ];
    assert.match(messages(check(perShot, ROOMY)).join(), /opens a connection per shot, 3,000\/s x 60 s = 180,00\d/);
    assert.match(
      messages(check(perShot, ROOMY, 1, 3)).join(),
      /opens a connection per shot, 1,000\/s x 60 s = 60,00\d/,
    );
    assert.deepEqual(check(perShot, ROOMY, 1, 9), []);
    const growing = [pool({ instances: 30, more: { overflow: { policy: 'grow', 'max-instances': 900 } } })];
    assert.match(messages(check(growing, { ...ROOMY, openFiles: 200 }, 1, 3)).join(), /may open 300 connections/);
  });
});
