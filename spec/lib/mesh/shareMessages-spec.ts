import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ElpisError } from '../../../lib/core/errors.js';
import { packError } from '../../../lib/core/packedError.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { ANSWER, CALL, HEARTBEAT, INVITATION, packed, unpacked } from '../../../lib/mesh/groupMessages.js';
import { fromShare, fromShareToJson, toShare } from '../../../lib/mesh/shareMessages.js';
import type { FromShare, ToShare } from '../../../lib/shares/protocol.js';

const WINDOW = { ...emptyWindow(5), tags: new Map(), counters: new Map([['retries', 2]]) };
const COUNTERS = { logsDropped: 1, progressReplaced: 2, longestSinkWaitMs: 3.5 };
const ERROR = packError(
  new ElpisError('ELPIS_SHOT', 'no', { hint: 'yes', also: [new ElpisError('ELPIS_SINK', 'full')] }),
);
const PROGRESS = {
  ...{ elapsed: 1, requests: 2, responses: 2, inFlight: 0, instances: 1, instancesStarted: 1, instancesGrown: 0 },
  ...{ discarded: 0, unfinished: 0, emptyShots: 0 },
};

const FROM: readonly FromShare[] = [
  { type: 'joined', version: 3 },
  { type: 'ready', pool: 'p', missing: ['q'] },
  { type: 'alive' },
  { type: 'event', event: { type: 'pool-started', pool: 'p', at: 1.5 } },
  { type: 'event', event: { type: 'window', pool: 'p', at: 2, window: WINDOW } },
  { type: 'event', event: { type: 'progress', pool: 'p', at: 2, progress: PROGRESS } },
  { type: 'event', event: { type: 'pool-finished', pool: 'p', at: 3, progress: PROGRESS } },
  { type: 'condition', pool: 'p', position: 1, window: WINDOW },
  { type: 'log', level: 'warn', message: 'oh', fields: { a: [1, null] } },
  { type: 'failing', error: ERROR },
  { type: 'failed', error: ERROR, counters: COUNTERS },
  { type: 'finished', counters: COUNTERS },
];

const TO: readonly ToShare[] = [
  {
    type: 'task',
    version: 3,
    task: {
      origin: { location: 'load.yaml' },
      share: { index: 1, of: 4 },
      seed: 7,
      controlled: true,
      credit: 256,
      from: 5,
    },
  },
  { type: 'start', at: 1.25 },
  { type: 'drain', limitMs: 30_000 },
  { type: 'control', pool: 'p', command: { type: 'rate', perSecond: 5 }, at: 2 },
  { type: 'control', pool: 'p', command: { type: 'pause' }, at: 2 },
  { type: 'stop', pool: 'p', at: 2 },
];

const travelled = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
const plain = (value: unknown): unknown => structuredClone(value);

describe('the messages of a share as JSON', () => {
  for (const message of FROM)
    it(`${message.type}${message.type === 'event' ? ` ${message.event.type}` : ''} arrives as it was sent`, () => {
      const arrived = fromShare(travelled(fromShareToJson(message)), 'worker w');
      assert.deepEqual(travelled(fromShareToJson(arrived)), travelled(fromShareToJson(message)));
      if (message.type === 'event' || message.type === 'condition') assert.deepEqual(plain(arrived), plain(message));
    });

  for (const message of TO)
    it(`${message.type} arrives as it was sent`, () => {
      assert.deepEqual(toShare(travelled(message)), message);
    });

  const wrong: readonly [raw: unknown, message: RegExp][] = [
    [{ type: 'run-this' }, /^worker w has sent an unknown message "run-this"$/],
    [{}, /an unknown message without a type/],
    [null, /an unknown message without a type/],
    ['finished', /an unknown message without a type/],
    [{ type: '__proto__' }, /an unknown message "__proto__"/],
    [{ type: 'toString' }, /an unknown message "toString"/],
    [{ type: 'sink-write', id: 0, chunk: [] }, /an unknown message "sink-write"/],
    [{ type: 'joined', version: '3' }, /a message "joined" with a wrong value of version/],
    [{ type: 'log', level: 'loud', message: '', fields: {} }, /a message "log" with a wrong value of level/],
    [{ type: 'log', level: 'info', message: 'x'.repeat(100_001), fields: {} }, /"log" with a wrong value of message/],
    [{ type: 'event', event: { type: 'new', pool: 'p', at: 1 } }, /an unknown event "new"/],
    [{ type: 'event', event: { type: 'window', pool: 'p', at: 1, window: {} } }, /a wrong event: window/],
    [{ type: 'event', event: { type: 'thresholds', at: 1, states: [] } }, /an event "thresholds" of no pool/],
    [
      { type: 'condition', pool: 'p', position: 0, window: { from: 1 } },
      /a message "condition" with a wrong value of window/,
    ],
    [{ type: 'failed', error: { code: 5 }, counters: COUNTERS }, /a message "failed" with a wrong value of error/],
  ];
  for (const [raw, message] of wrong)
    it(`${JSON.stringify(raw)?.slice(0, 70)} is refused by its name`, () => {
      assert.throws(() => fromShare(raw, 'worker w'), { code: 'ELPIS_MESH', message });
    });

  it('an order of the coordinator with a wrong value is refused', () => {
    assert.throws(
      () => toShare({ type: 'start', at: 'now' }),
      /the coordinator has sent a message "start" with a wrong value of at/,
    );
    assert.throws(() => toShare({ type: 'exec', command: 'rm' }), /an unknown message "exec"/);
  });
});

describe('the messages of a group', () => {
  const heartbeat = {
    type: 'heartbeat',
    worker: 'w',
    offsetMs: 1,
    uncertaintyMs: 0.1,
    cpu: 0.5,
    perSecond: 120.5,
    lateMs: null,
    alive: [0],
    sent: [[0, 5]],
    lost: [],
  };

  it('are read as they were written', () => {
    assert.deepEqual(unpacked(packed(heartbeat), HEARTBEAT), heartbeat);
    const call = { type: 'call', version: '1.0.0', protocol: 3 };
    assert.deepEqual(unpacked(packed(call), CALL), call);
  });

  for (const [what, bytes, codec] of [
    ['another message', packed({ type: 'call', version: '1', protocol: 3 }), HEARTBEAT],
    ['no JSON', Buffer.from('{'), CALL],
    ['a number that is not finite', packed({ ...heartbeat, cpu: null }), HEARTBEAT],
    ['a name that is no word of a subject', packed({ ...heartbeat, worker: 'a.b' }), HEARTBEAT],
    ['an answer without a reason', packed({ type: 'answer', worker: 'w', prepared: true }), ANSWER],
    ['more than 256 KiB', packed({ type: 'call', version: 'x', protocol: 3, more: 'x'.repeat(300_000) }), CALL],
  ] as const)
    it(`${what} is not read`, () => {
      assert.equal(unpacked<object>(bytes, codec), undefined);
    });

  it('an invitation may not choose the working directory of its config, and names each file by a hash', () => {
    const bundle = { origin: { location: 'a' }, files: [], present: [], cwd: '', env: [], modules: false };
    const invitation = { type: 'invite', run: 'r', leaseMs: 1, threads: 1, workers: 2, bundle };
    assert.deepEqual(unpacked(packed(invitation), INVITATION), invitation);
    const refused = [
      { ...bundle, origin: { location: 'a', cwd: '/' } },
      { ...bundle, origin: {} },
      { ...bundle, files: [{ path: 'a', hash: '../x', bytes: 1, code: false }] },
    ];
    for (const other of refused)
      assert.equal(unpacked(packed({ ...invitation, bundle: other }), INVITATION), undefined);
  });
});
