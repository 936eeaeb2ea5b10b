import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { busiest } from '../../../lib/preflight/poolConnections.js';
import type { SystemLimits } from '../../../lib/preflight/systemLimits.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { check, pool, ROOMY } from './checkPools.js';

const S = 1e9;

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
