import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { scenarioGun } from '../../../lib/builtins/scenarioGun.js';
import type { Issue } from '../../../lib/codec/issue.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import type { ConfiguredComponent } from '../../../lib/plugin/configured.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { busiest } from '../../../lib/preflight/poolConnections.js';
import { ensureRoom, preflight } from '../../../lib/preflight/preflight.js';
import { type SystemLimits, systemLimits } from '../../../lib/preflight/systemLimits.js';
import { workerPreflight } from '../../../lib/preflight/workerPart.js';
import { get, scenario } from '../../../lib/scenario/index.js';
import { scenarioProvider } from '../../../lib/scenario/scenarioProvider.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';

const S = 1e9;

/** A pool as in a config: 100 shots per second for a minute by default. */
const pool = (fields: {
  id?: string;
  gun?: object;
  target?: string;
  instances?: number;
  startup?: object;
  rps?: object;
  more?: object;
}): object => ({
  id: fields.id ?? 'a',
  gun: { type: 'http', target: fields.target ?? '10.0.0.1:80', ...fields.gun },
  ammo: { type: 'uri', uris: ['/'] },
  result: { type: 'discard' },
  rps: fields.rps ?? { type: 'const', ops: 1000, duration: '90s' },
  startup: fields.startup ?? { type: 'once', times: fields.instances ?? 1 },
  ...fields.more,
});

const ROOMY: SystemLimits = { openFiles: 1_000_000, ports: [32768, 60999], portsReused: 'loopback' };

function check(pools: readonly object[], limits: SystemLimits, threads = 1, workers = 1): readonly Issue[] {
  const decoded = decodeConfig({ pools }, builtins());
  assert.ok(isRight(decoded), JSON.stringify(decoded));
  const deps = fakeDeps();
  const plans = decoded.right.pools.map(({ startup, rps }) => {
    const [instances, plan] = [startup.create(deps), rps.create(deps)];
    return { instances: isPlan(instances) ? instances : undefined, plan: isPlan(plan) ? plan : undefined };
  });
  return workers === 1
    ? preflight(decoded.right.pools, plans, limits, threads)
    : workerPreflight(decoded.right.pools, plans, limits, { workers, threads });
}

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

describe('preflight: ports', () => {
  const perShot = { 'disable-keepalives': true };
  /** `a` is 10.1.1.10 and so on. */
  const from = (...hosts: ('a' | 'b' | 'c')[]): object => ({
    dial: { 'local-addresses': hosts.map((host) => `10.1.1.1${'abc'.indexOf(host)}`) },
  });
  const rows: readonly [sentence: string, pools: readonly object[], message: RegExp, limits?: SystemLimits][] = [
    ['as many connections as half of the ports', [pool({ instances: 14_116 })], /^$/],
    [
      'as many connections as ports',
      [pool({ instances: 28_232 })],
      /has 28,232 ports .* for one target address; beyond 14,116, half of them, Linux takes ten times longer/,
    ],
    [
      'one more than there are',
      [pool({ instances: 28_233 })],
      /^a may open 28,233 connections \(28,233 instances x 1\) to 10\.0\.0\.1:80, but a local address has 28,232 ports \(net\.ipv4\.ip_local_port_range: 32768 to 60999\) for one target address; the rest fails with EADDRNOTAVAIL$/,
    ],
    [
      'pools with one target share its ports',
      [pool({ instances: 20_000 }), pool({ id: 'b', instances: 10_000 })],
      /^a may open 20,000 .* \+ b 10,000 \(10,000 instances x 1\) = 30,000 to/,
    ],
    [
      'pools with two targets do not',
      [pool({ instances: 10_000 }), pool({ target: '10.0.0.2:80', instances: 10_000 })],
      /^$/,
    ],
    [
      'nor with two ports of one',
      [pool({ instances: 10_000 }), pool({ target: '10.0.0.1:81', instances: 10_000 })],
      /^$/,
    ],
    [
      'a connection per shot holds its port for a minute',
      [pool({ gun: perShot, rps: { type: 'const', ops: 500, duration: '90s' } })],
      /^a opens a connection per shot, 500\/s x 60 s = 30,000, and a closed connection keeps its port for 60 s \(TIME_WAIT\); to 10\.0\.0\.1:80 a local address has 28,232 ports/,
    ],
    ['few enough for that', [pool({ gun: perShot, rps: { type: 'const', ops: 470, duration: '90s' } })], /^$/],
    ['a short run', [pool({ gun: perShot, rps: { type: 'const', ops: 1000, duration: '28s' } })], /^$/],
    [
      'a short and fast run',
      [pool({ gun: perShot, rps: { type: 'const', ops: 1000, duration: '30s' } })],
      /1,000\/s x 30 s = 30,000,/,
    ],
    ['the fetch gun likewise', [pool({ gun: { type: 'fetch', 'keep-alive': false } })], /1,000\/s x 60 s = 60,000,/],
    ['a burst', [pool({ gun: perShot, rps: { type: 'once', times: 30_000 } })], /per shot, 30,000 at once,/],
    [
      'schedules of each instance add up',
      [
        pool({
          gun: perShot,
          instances: 10,
          rps: { type: 'const', ops: 100, duration: '60s' },
          more: { 'rps-per-instance': true },
        }),
      ],
      /1,000\/s x 60 s = 60,000,/,
    ],
    [
      'a closed loop has a warning with its limit',
      [pool({ gun: perShot, rps: { type: 'unlimited', duration: '5m' } })],
      /as fast as the target responds.* more than 470 shots\/s \(28,232 ports \/ 60 s\)/,
    ],
    [
      'a short closed loop cannot be as fast',
      [pool({ gun: perShot, rps: { type: 'unlimited', duration: '2s' } })],
      /^$/,
    ],
    ['loopback ports are reused after a second', [pool({ gun: perShot, target: 'localhost:80' })], /^$/],
    [
      'which may be too late',
      [pool({ gun: perShot, target: '127.0.0.2:80', rps: { type: 'const', ops: 30_000, duration: '5s' } })],
      /30,000\/s x 1 s = 30,000, and a closed connection keeps its port for 1 s/,
    ],
    [
      'unless the system reuses no ports',
      [pool({ gun: perShot, target: '127.0.0.1:80' })],
      /x 60 s = 60,000/,
      { ...ROOMY, portsReused: 'never' },
    ],
    ['or reuses all ports', [pool({ gun: perShot })], /^$/, { ...ROOMY, portsReused: 'always' }],
    ['a range that is not known is not checked', [pool({ instances: 99_999 })], /^$/, { openFiles: 1e6 }],
    ['a Unix socket has no ports', [pool({ instances: 99_999, target: 'unix:/run/app.sock' })], /^$/],
    ['as many connections as two local addresses have ports', [pool({ instances: 56_464, gun: from('a', 'b') })], /^$/],
    [
      'one more',
      [pool({ instances: 56_465, gun: from('a', 'b') })],
      /^a may open 56,465 connections \(56,465 instances x 1\), of them 28,233 from 10\.1\.1\.10, but each local address has 28,232 ports for all targets together; beyond them connections fail with EADDRINUSE$/,
    ],
    [
      'pools with a local address in common share its ports, whatever their targets',
      [
        pool({ instances: 20_000, gun: from('a') }),
        pool({ id: 'b', instances: 20_000, gun: from('b', 'a'), target: '10.0.0.2:80' }),
      ],
      /^a may open 20,000 .* \+ b 20,000 \(20,000 instances x 1\), of them 30,000 from 10\.1\.1\.10,/,
    ],
    [
      'pools without one in common do not',
      [pool({ instances: 20_000, gun: from('a') }), pool({ id: 'b', instances: 20_000, gun: from('b') })],
      /^$/,
    ],
    [
      'a connection per shot from a local address holds its port for a minute, to this machine, too',
      [pool({ gun: { ...perShot, ...from('a', 'b') }, target: '127.0.0.1:80' })],
      /^a opens a connection per shot, 30,000 of them within that time from each of 2 local addresses, and a closed connection keeps its port for 60 s/,
    ],
    [
      'few enough for that from local addresses',
      [pool({ gun: { ...perShot, ...from('a', 'b', 'c') }, target: '127.0.0.1:80' })],
      /^$/,
    ],
  ];
  for (const [sentence, pools, message, limits = ROOMY] of rows)
    it(sentence, () => {
      const found = check(pools, limits);
      assert.ok(found.length <= 1 && found.every(({ severity }) => severity === 'warning'), JSON.stringify(found));
      assert.match(found[0]?.message ?? '', message);
    });
});

describe('busiest', () => {
  const rows: readonly [sentence: string, plan: Parameters<typeof busiest>[0], seconds: number, most: number][] = [
    ['a plan shorter than the window is counted whole', constPlan({ ops: 10, duration: 5 * S }), 60, 50],
    ['a constant rate', constPlan({ ops: 10, duration: 500 * S }), 60, 600],
    ['a rising line is busiest at its end', linePlan({ from: 0, to: 100, duration: 100 * S }), 10, 950],
    ['a falling line at its start', linePlan({ from: 100, to: 0, duration: 100 * S }), 10, 950],
    [
      'a burst in the middle',
      compositePlan([
        constPlan({ ops: 1, duration: 600 * S }),
        oncePlan({ times: 1000 }),
        constPlan({ ops: 1, duration: 600 * S }),
      ]),
      60,
      1060,
    ],
    [
      'a burst at the very end',
      compositePlan([constPlan({ ops: 1, duration: 600 * S }), oncePlan({ times: 1000 })]),
      60,
      1060,
    ],
    ['no plan at all', oncePlan({ times: 0 }), 60, 0],
    ['a closed loop', unlimitedPlan({ duration: 600 * S }), 60, Number.POSITIVE_INFINITY],
  ];
  for (const [sentence, plan, seconds, most] of rows)
    it(sentence, () => {
      const found = busiest(plan, seconds * S);
      assert.ok(found === most || Math.abs(found - most) <= 1, `${found}, expected ${most}`);
    });
});

describe('ensureRoom', () => {
  const place = { path: 'pools', expected: 'less' };
  const warning: Issue = { ...place, code: 'local-ports', severity: 'warning', message: 'few ports', hint: 'get more' };
  const error: Issue = { ...place, code: 'open-files', severity: 'error', message: 'few files', hint: 'ulimit' };

  it('logs warnings and throws for an error', () => {
    const log = new FakeLog();
    ensureRoom([], log);
    assert.deepEqual(log.lines, []);
    assert.throws(
      () => ensureRoom([error, warning], log),
      (thrown) => isElpisError(thrown, 'ELPIS_LIMIT') && thrown.message === 'few files' && thrown.hint === 'ulimit',
    );
    assert.deepEqual(log.lines, [{ level: 'warn', message: 'few ports (get more)', fields: {} }]);
  });
});

describe('systemLimits', () => {
  const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96328                96328                processes
Max open files            1024                 524288               files
Max locked memory         unlimited            unlimited            bytes
`;
  const rows: readonly [sentence: string, files: Record<string, string>, limits: SystemLimits][] = [
    ['nothing to read', {}, {}],
    ['the limit that holds now', { '/proc/self/limits': LIMITS }, { openFiles: 1024 }],
    ['no limit', { '/proc/self/limits': 'Max open files            unlimited            unlimited   files' }, {}],
    ['the range of ports', { '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n' }, { ports: [32768, 60999] }],
    ['reuse of ports', { '/proc/sys/net/ipv4/tcp_tw_reuse': '2\n' }, { portsReused: 'loopback' }],
    ['an unknown value for reuse', { '/proc/sys/net/ipv4/tcp_tw_reuse': '7\n' }, {}],
  ];
  for (const [sentence, files, limits] of rows)
    it(sentence, () =>
      assert.deepEqual(
        systemLimits((path) => files[path] ?? ''),
        limits,
      ),
    );

  it('reads those of this process', () => {
    const { openFiles = 1 } = systemLimits();
    assert.ok(openFiles > 0);
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
