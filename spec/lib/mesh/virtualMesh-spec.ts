import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { ElpisError } from '../../../lib/core/errors.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import { HEARTBEAT, type Heartbeat, unpacked } from '../../../lib/mesh/groupMessages.js';
import { LONG, USERS, VirtualMesh, type VirtualMeshOptions } from './virtualMesh.js';

const made: VirtualMesh[] = [];

function meshOf(options: VirtualMeshOptions): VirtualMesh {
  const mesh = new VirtualMesh(options);
  made.push(mesh);
  return mesh;
}

async function played(options: VirtualMeshOptions): Promise<VirtualMesh> {
  const mesh = meshOf(options);
  await mesh.coordinate();
  await mesh.toTheEnd();
  assert.equal(mesh.ended, 'completed', String(mesh.ended));
  return mesh;
}

function totals(events: readonly PoolEvent[]): unknown {
  const summaries = new Summaries(['p', 'q'].map((id) => ({ id, rpsPerInstance: false })));
  for (const event of events) summaries.add(event);
  return summaries.all.map(({ pool, total, tags }) => [
    pool,
    total.ended,
    total.failed,
    total.unfinished,
    tags.map(({ tag, ended }) => [tag, ended]).sort(),
  ]);
}

describe('a run on several machines, in virtual time', () => {
  afterEach(() => {
    for (const mesh of made.splice(0)) mesh.end();
  });

  for (const [workers, threads] of [
    [1, 1],
    [2, 1],
    [3, 1],
    [8, 1],
    [2, 2],
    [4, 2],
  ] as const)
    it(`of ${workers} workers with ${threads} shares each is the run of one: operations, moments, rows, values and totals`, async () => {
      const one = await played({ clocks: [0] });
      const several = await played({
        clocks: Array.from({ length: workers }, (_, i) => (i - 1) * 12_345.678),
        threads,
      });
      assert.equal(one.union.length, 112 + 15);
      const apart = several.union.map(([, , at], i) => Math.abs(at - Number(one.union[i]?.[2])));
      const alike = ({ union }: VirtualMesh) => union.map(([pool, index, , ammo, value]) => [pool, index, ammo, value]);
      assert.deepEqual(alike(several), alike(one));
      assert.ok(Math.max(...apart) < 0.01, 'the same moments, also with other clocks');
      assert.deepEqual(totals(several.events), totals(one.events));
    });

  const ROWS = (strategy: string) => `
pools:
  - id: p
    gun: {type: recorded}
    ammo: {type: uri, uris: ["/{{users.name}} a", "/{{users.name}}?b b"], data: {users: {csv: users.csv, strategy: ${strategy}}}${strategy === 'unique' ? `, limit: ${USERS.length}` : ''}}
    result: {type: discard}
    rps: {type: const, ops: 100, duration: 1s}
    startup: {type: once, times: 16}
`;
  const usersOf = ({ shots }: VirtualMesh) =>
    [...shots].sort((a, b) => a.index - b.index).map(({ index, target }) => [index, target.replace(/^\/|\?b$/g, '')]);

  const ofOne = new Map<string, ReturnType<typeof usersOf>>();
  for (const [workers, threads] of [
    [2, 1],
    [3, 1],
    [8, 1],
    [2, 2],
    [4, 2],
  ] as const)
    it(`of ${workers} workers with ${threads} shares each takes the rows of a CSV file as the run of one: in order, by chance, and each once`, async () => {
      const clocks = Array.from({ length: workers }, (_, i) => i * 400);
      for (const strategy of ['next', 'random', 'unique']) {
        const several = usersOf(await played({ clocks, threads, config: ROWS(strategy) }));
        // The run of one is the same for all numbers of shares.
        let one = ofOne.get(strategy);
        one ??= usersOf(await played({ clocks: [0], config: ROWS(strategy) }));
        ofOne.set(strategy, one);
        assert.deepEqual(several, one, strategy);
        const inOrder = Array.from({ length: strategy === 'unique' ? USERS.length : 100 }, (_, i) => [
          i,
          USERS[i % USERS.length],
        ]);
        if (strategy === 'random') assert.notDeepEqual(several, inOrder);
        else assert.deepEqual(several, inOrder);
      }
    });

  it('starts with min-workers at the deadline, and names the missing ones', async () => {
    const mesh = await played({
      clocks: [0, 0, 0],
      version: (worker) => (worker === 2 ? '0.9.0' : '1.0.0'),
      mesh: { minWorkers: 2, deadlineMs: 3000 },
    });
    assert.equal(mesh.union.length, 112 + 15);
    const warning = mesh.log.lines.find(({ level }) => level === 'warn');
    assert.match(
      String(warning?.message),
      /^the run starts with 2 of 3 workers: w2 on host2 is not ready: has Elpis 0\.9\.0 \(protocol \d\), the coordinator has 1\.0\.0/,
    );
  });

  it('fails at the deadline with the reason of each worker, and the workers are free again', async () => {
    const mesh = meshOf({
      clocks: [0, 0],
      allow: ['target=example.org'],
      mesh: { workers: 3, minWorkers: 3, deadlineMs: 3000 },
    });
    await mesh.coordinate();
    await mesh.toTheEnd();
    const error = mesh.ended;
    assert.ok(error !== 'completed' && error !== undefined);
    assert.equal(error.code, 'ELPIS_MESH');
    assert.match(
      error.message,
      /^0 of 3 workers are ready after 3 s: w0 on host0 is not ready: the target of the gun recorded of pool "p" is not known/,
    );
    assert.match(error.message, /1 more worker has not reported$/);
    assert.deepEqual(mesh.shots, []);
  });

  it('the limits of each worker are compared before the start: a warning is shown, and a worker without room is not taken', async () => {
    const parts: unknown[] = [];
    const mesh = await played({
      clocks: [0, 0, 0],
      threads: 2,
      mesh: { workers: 3, minWorkers: 2, deadlineMs: 3000 },
      preflight: (worker) => (_config, part) => {
        parts.push(part);
        if (worker === 2) throw new ElpisError('ELPIS_LIMIT', 'p may open 8 connections', { hint: 'ulimit -n 90' });
        return worker === 1 ? ['few ports'] : [];
      },
    });
    assert.deepEqual(parts[0], { workers: 3, threads: 2 });
    const lines = mesh.log.lines.map(({ level, message }) => `${level} ${message}`).join('\n');
    assert.match(lines, /warn worker w1 on host1: few ports/);
    assert.match(lines, /warn worker w2 on host2 is not ready: p may open 8 connections \(ulimit -n 90\)/);
    assert.equal(mesh.union.length, 112 + 15);
  });

  it('another free worker is invited in place of one that is not ready, long before the deadline', async () => {
    const mesh = await played({
      clocks: [0, 0, 0],
      mesh: { workers: 2, minWorkers: 2, deadlineMs: 100_000 },
      preflight: (worker) => () => {
        if (worker === 0) throw new ElpisError('ELPIS_LIMIT', 'no room');
        return [];
      },
    });
    assert.equal(mesh.union.length, 112 + 15);
    assert.ok(mesh.clock.now() < 1_000_000 + 60_000);
    const ready = mesh.log.lines.flatMap(({ message }) => /^worker (w\d) .* is ready/.exec(message)?.[1] ?? []);
    assert.deepEqual(ready, ['w1', 'w2']);
  });

  it('a second run is played after the first, and a worker that plays is not invited', async () => {
    const mesh = await played({ clocks: [0, 5] });
    mesh.ended = undefined;
    await mesh.coordinate();
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    assert.equal(mesh.shots.length, 2 * (112 + 15));
  });

  const shotsOf = (mesh: VirtualMesh) => mesh.shots.map(({ index }) => index);

  it('a worker without network stops within the lease: nothing that is due later is shot, also when its timers run late', async () => {
    const mesh = meshOf({ clocks: [0, 0], config: LONG });
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const [cut] = mesh.buses;
    assert.ok(cut !== undefined);
    cut.cut = true;
    const cutAt = mesh.clock.now();
    await mesh.toTheEnd();
    assert.match(String(mesh.ended), /w0 on host0.*has sent no heartbeat for 5 s/s);
    assert.ok(
      mesh.shots.every(({ at }) => at <= cutAt + 5000 + 3000),
      'nothing after the lease and the end of the others',
    );
    assert.match(
      mesh.logs[0]?.lines.map(({ message }) => message).join('\n') ?? '',
      /has not heard the coordinator for 3\.\d s: stops the run/,
    );
  });

  it('without a coordinator all workers stop within the lease and say so', async () => {
    const mesh = meshOf({ clocks: [0, 0], config: LONG });
    const kill = await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const killedAt = mesh.clock.now();
    kill();
    await mesh.pass(20_000);
    const last = Math.max(...mesh.shots.map(({ at }) => at));
    assert.ok(last <= killedAt + 5000, `the last shot was due ${last - killedAt} ms after the death`);
    for (const log of mesh.logs)
      assert.match(log.lines.map(({ message }) => message).join('\n'), /has not heard the coordinator/);
  });

  it('a coordinator that is started again continues the run: no operation is lost or shot twice', async () => {
    const mesh = meshOf({ clocks: [0, 40, -40], config: LONG });
    const kill = await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    kill();
    mesh.events.length = 0;
    await mesh.pass(1500);
    const run = mesh.server.stored.find(({ subject }) => subject.endsWith('.plan'))?.subject.split('.')[3];
    await mesh.coordinate({ resume: run });
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed', String(mesh.ended));
    assert.deepEqual(
      [...shotsOf(mesh)].sort((a, b) => a - b),
      Array.from({ length: 600 }, (_, i) => i),
    );
    const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
    for (const event of mesh.events) summaries.add(event);
    assert.equal(summaries.all[0]?.total.ended, 600, 'the results from the beginning');
  });

  it('a coordinator that receives nothing for a while does not slow the shooting, and misses nothing', async () => {
    const options = { clocks: [0, 40], config: LONG, mesh: { leaseMs: 30_000 } };
    const undisturbed = await played(options);
    const mesh = meshOf(options);
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const { coordinatorBus } = mesh;
    assert.ok(coordinatorBus !== undefined);
    coordinatorBus.deaf = true;
    await mesh.pass(50);
    const windows = () => mesh.events.filter(({ type }) => type === 'window').length;
    const before = windows();
    await mesh.pass(12_000);
    assert.equal(windows(), before, 'nothing arrives');
    coordinatorBus.deaf = false;
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed', String(mesh.ended));
    assert.deepEqual(mesh.union, undisturbed.union, 'the same operations at the same moments');
    const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
    for (const event of mesh.events) summaries.add(event);
    assert.equal(summaries.all[0]?.total.ended, 600);
  });

  it('another config cannot resume a run, and a run that does not exist cannot be resumed', async () => {
    const mesh = meshOf({ clocks: [0], config: LONG });
    await mesh.coordinate({ resume: '20260101-000000-abcd' });
    await mesh.toTheEnd();
    assert.match(String(mesh.ended), /the group g has no run 20260101-000000-abcd/);
  });

  it('a run whose lost share was divided cannot be resumed, and says so', async () => {
    const mesh = meshOf({ clocks: [0, 0, 0], config: LONG, mesh: { onLostWorker: 'resplit', leaseMs: 2000 } });
    const kill = await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const [lost] = mesh.buses;
    if (lost !== undefined) lost.cut = true;
    const divided = () => mesh.server.stored.some(({ subject }) => subject.endsWith('.to.3'));
    await mesh.pass(10_000, divided);
    assert.ok(divided());
    assert.match(mesh.log.lines.map(({ message }) => message).join('\n'), /given to 2 others/);
    kill();
    const run = mesh.server.stored.find(({ subject }) => subject.endsWith('.plan'))?.subject.split('.')[3];
    await mesh.coordinate({ resume: run });
    await mesh.toTheEnd();
    assert.match(String(mesh.ended), /cannot be resumed after the operations of a lost worker were divided/);
  });

  it('elpis mesh stop ends a run as a signal does', async () => {
    const mesh = meshOf({ clocks: [0, 0], config: LONG });
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const run = mesh.server.stored.find(({ subject }) => subject.endsWith('.plan'))?.subject.split('.')[3];
    mesh.server.messages.next({ subject: `elpis.g.run.${run}.stop`, data: Buffer.from('{"type":"stop"}') });
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    assert.ok(mesh.shots.length < 100);
  });

  it('the table of workers has their state, shares and clocks; a silent worker is shown before it is lost', async () => {
    const mesh = meshOf({ clocks: [0, 250], threads: 2, config: LONG, mesh: { onLostWorker: 'continue' } });
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 100);
    const known = mesh.tables
      .at(-1)
      ?.map(({ worker, host, phase, shares, clockOffsetMs }) => [
        ...[worker, host, phase, shares, Math.round(clockOffsetMs ?? Number.NaN)],
      ]);
    assert.deepEqual(known, [
      ['w0', 'host0', 'running', [0, 2], 0],
      ['w1', 'host1', 'running', [1, 3], -250],
    ]);
    const [, cut] = mesh.buses;
    if (cut !== undefined) cut.cut = true;
    await mesh.toTheEnd();
    const phases = mesh.tables.map((table) => table.map(({ phase }) => phase).join(' '));
    assert.deepEqual(
      [...new Set(phases)],
      [...['preparing preparing', 'running running', 'running silent', 'running lost', 'ended lost']],
    );
  });

  it('heartbeats have the rate, the lateness and the processors of a worker', async () => {
    const mesh = meshOf({ clocks: [0], config: LONG });
    const heartbeats: Heartbeat[] = [];
    mesh.server.messages.subscribe(({ subject, data }) => {
      const heartbeat = subject.endsWith('.heartbeats') ? unpacked(data, HEARTBEAT) : undefined;
      if (heartbeat !== undefined) heartbeats.push(heartbeat);
    });
    await mesh.coordinate();
    await mesh.pass(10_000, () => mesh.shots.length > 60);
    assert.deepEqual([heartbeats[0]?.perSecond, heartbeats[0]?.lateMs], [null, null]);
    const last = heartbeats.at(-1);
    assert.deepEqual([last?.perSecond, last?.lateMs, last?.cpu], [20, 0, 0.25]);
  });

  it('a lease that is repeated by somebody else does not keep a worker shooting', async () => {
    const mesh = meshOf({ clocks: [0, -3000], config: LONG });
    const leases: { readonly subject: string; readonly data: Uint8Array }[] = [];
    mesh.server.messages.subscribe((message) => {
      if (/\.lease(\.|$)/.test(message.subject) && leases.length < 40) leases.push(message);
    });
    const kill = await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const killedAt = mesh.clock.now();
    kill();
    for (let i = 0; i < 24; i++) {
      for (const message of leases.slice(-3)) mesh.server.messages.next(message);
      await mesh.pass(500);
    }
    const last = Math.max(...mesh.shots.map(({ at }) => at));
    assert.ok(last <= killedAt + 5000, `the last shot was due ${last - killedAt} ms after the death`);
  });

  it('a worker that has prepared a run too late is free again soon', async () => {
    const mesh = meshOf({ clocks: [0, 0, 0], config: LONG, mesh: { workers: 2, minWorkers: 2 } });
    const invitations: { readonly subject: string; readonly data: Uint8Array }[] = [];
    mesh.server.messages.subscribe((message) => {
      if (message.subject.includes('.invite.')) invitations.push(message);
    });
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const [invitation] = invitations;
    assert.ok(invitation !== undefined);
    mesh.server.messages.next({ subject: invitation.subject.replace('.w0', '.w2'), data: invitation.data });
    const lines = () => mesh.logs[2]?.lines.map(({ message }) => message).join('\n') ?? '';
    await mesh.pass(4000, () => /has no work for this worker/.test(lines()));
    assert.match(lines(), /invited to the run[\s\S]*has no work for this worker/);
    assert.ok(mesh.ended === undefined, 'while the run goes on');
  });

  it('a run with a coordinator cannot be resumed by another one', async () => {
    const mesh = meshOf({ clocks: [0, 0], config: LONG });
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const run = mesh.server.stored.find(({ subject }) => subject.endsWith('.plan'))?.subject.split('.')[3];
    await mesh.coordinate({ resume: run });
    await mesh.pass(2000, () => mesh.ended !== undefined);
    assert.match(String(mesh.ended), /has a coordinator, which is running/);
    mesh.ended = undefined;
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    assert.equal(mesh.shots.length, 600, 'the run is not disturbed');
  });

  it('an invitation on the subject of another run, and messages of another group, change nothing', async () => {
    const mesh = meshOf({ clocks: [0], config: LONG.replace('30s', '3s') });
    const invitations: { readonly subject: string; readonly data: Uint8Array }[] = [];
    mesh.server.messages.subscribe((message) => {
      if (message.subject.includes('.invite.')) invitations.push(message);
    });
    await mesh.coordinate();
    await mesh.toTheEnd();
    const [invitation] = invitations;
    assert.ok(invitation !== undefined);
    const run = invitation.subject.split('.')[3] ?? '';
    await mesh.pass(1000);
    const before = mesh.logs[0]?.lines.length;
    for (const subject of [
      invitation.subject.replace(run, '20260101-000000-abcd'),
      invitation.subject.replace('elpis.g.', 'elpis.h.'),
    ])
      mesh.server.messages.next({ subject, data: invitation.data });
    await mesh.pass(1000);
    assert.equal(mesh.logs[0]?.lines.length, before, 'it was not invited');
  });

  it('messages of others on the subjects of a group change nothing', async () => {
    const mesh = meshOf({ clocks: [0, 0], config: LONG.replace('30s', '3s') });
    await mesh.coordinate();
    for (const subject of ['call', 'offers', 'run.x.lease', 'run.x.invite.w0', 'run.x.heartbeats'])
      for (const text of [
        '',
        '{',
        '{"type":"offer"}',
        '{"type":"invite","run":"../..","bundle":{}}',
        `"${'x'.repeat(300_000)}"`,
      ])
        mesh.server.messages.next({ subject: `elpis.g.${subject}`, data: Buffer.from(text) });
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    assert.equal(mesh.shots.length, 60);
  });

  it('a worker that sends an unknown message loses its share, by the name of the message', async () => {
    const mesh = meshOf({ clocks: [0, 0], config: LONG });
    await mesh.coordinate();
    await mesh.pass(8000, () => mesh.shots.length > 40);
    const { subject, data } =
      mesh.server.stored.findLast((each) => each.subject.endsWith('.from.1')) ?? assert.fail('it has sent');
    const forged = Buffer.from(data.subarray(0, 13));
    forged.writeUInt32BE(forged.readUInt32BE(1) + 1, 1);
    mesh.server.messages.next({ subject, data: Buffer.concat([forged, Buffer.from('\0[{"type":"format-disk"}]')]) });
    await mesh.toTheEnd();
    assert.match(String(mesh.ended), /worker w1 has sent an unknown message "format-disk"/);
  });
});
