import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { ElpisError, isElpisError } from '../../../lib/core/errors.js';
import { MeshLinks } from '../../../lib/mesh/coordinator/meshLinks.js';
import { packed } from '../../../lib/mesh/groupMessages.js';
import { subjectsOf } from '../../../lib/mesh/subjects.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { MemoryBus, MemoryServer } from './memoryBus.js';
import { LONG, VirtualMesh, type VirtualMeshOptions } from './virtualMesh.js';

const SHORT = LONG.replace('30s', '3s');

describe('a run on several machines, when others lie or the server fails', () => {
  const made: VirtualMesh[] = [];
  afterEach(() => {
    for (const mesh of made.splice(0)) mesh.end();
  });

  async function begun(options: Partial<VirtualMeshOptions> = {}): Promise<VirtualMesh> {
    const mesh = new VirtualMesh({ clocks: [0, 0], config: LONG, ...options });
    made.push(mesh);
    await mesh.coordinate();
    return mesh;
  }
  async function shooting(options: Partial<VirtualMeshOptions> = {}): Promise<VirtualMesh> {
    const mesh = await begun(options);
    await mesh.pass(8000, () => mesh.shots.length > 40);
    return mesh;
  }
  const say = (mesh: VirtualMesh, subject: string, message: object): void =>
    mesh.server.messages.next({ subject, data: packed(message) });
  const runOf = (mesh: VirtualMesh): string =>
    mesh.server.stored.find(({ subject }) => subject.endsWith('.plan'))?.subject.split('.')[3] ?? assert.fail('a plan');
  const logOf = ({ log }: VirtualMesh): string => log.lines.map(({ message }) => message).join('\n');
  const indexes = ({ shots }: VirtualMesh): readonly number[] => shots.map(({ index }) => index).sort((a, b) => a - b);
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

  it('a flood of offers is bounded, and the error names a few of the workers', async () => {
    const mesh = await begun({ clocks: [], mesh: { workers: 1, minWorkers: 1, deadlineMs: 2000 } });
    await mesh.pass(600);
    for (let i = 0; i < 10_500; i++)
      say(mesh, 'elpis.g.offers', {
        ...{
          type: 'offer',
          worker: `forged-${i}`,
          host: 'h',
          version: '6.6.6',
          protocol: 1,
          cpus: 1,
          run: '',
          allow: [],
        },
      });
    await mesh.toTheEnd();
    const text = String(mesh.ended);
    assert.match(text, /forged-19 on h is not ready: has Elpis 6\.6\.6.*; and 9980 more are not ready$/m);
    assert.doesNotMatch(text, /forged-20 /);
  });

  it('an answer or a heartbeat with an absurd clock is dropped: it would delay the start for ever', async () => {
    const mesh = await begun({ config: SHORT });
    mesh.server.messages.subscribe(({ subject }) => {
      if (!subject.includes('.invite.')) return;
      const [, , , run, , worker] = subject.split('.');
      const forged = { type: 'answer', worker, prepared: true, reason: '', offsetMs: 0, uncertaintyMs: 1e12 };
      say(mesh, `elpis.g.run.${run}.answers`, forged);
    });
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    assert.deepEqual(indexes(mesh), upTo(60));
  });

  it('a heartbeat about shares of others, or of none, neither revives them nor makes the coordinator read', async () => {
    const mesh = await shooting();
    const run = runOf(mesh);
    const bus = mesh.coordinatorBus ?? assert.fail('a coordinator');
    bus.reads.length = 0;
    say(mesh, `elpis.g.run.${run}.heartbeats`, {
      ...{ type: 'heartbeat', worker: 'w0', offsetMs: 0, uncertaintyMs: 0, cpu: 0, perSecond: null, lateMs: null },
      ...{
        alive: [1, 7],
        lost: [
          [1, 'forged'],
          [7, 'forged'],
        ],
        sent: [
          [1, 1e6],
          [7, 1e6],
        ],
      },
    });
    await mesh.pass(1000);
    assert.deepEqual(bus.reads, []);
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    assert.deepEqual(indexes(mesh), upTo(600));
  });

  it('a heartbeat says that shares of its own worker are alive, and of no other', () => {
    const clock = new VirtualClock(0);
    const bus = new MemoryBus(new MemoryServer(), clock);
    const subjects = subjectsOf('g').of('r');
    const links = new MeshLinks({
      ...{ bus, run: 'r', subjects, leaseMs: 5000, scheduler: clock, log: new FakeLog() },
      assignments: ['w0', 'w1'].map((worker, i) => ({ worker, host: 'h', shares: [i] })),
      repeater: bus.repeat({ everyMs: 500, patienceMs: 5000 }),
    });
    const seen: string[] = [];
    for (const [i, { messages }] of links.links.entries()) messages.subscribe(({ type }) => seen.push(`${type} ${i}`));
    links.begin();
    bus.publish(
      subjects.heartbeats,
      packed({
        ...{ type: 'heartbeat', worker: 'w0', offsetMs: 0, uncertaintyMs: 0, cpu: 0, perSecond: null, lateMs: null },
        ...{ alive: [0, 1], lost: [], sent: [] },
      }),
    );
    assert.deepEqual(seen, ['alive 0']);
    void links.end();
  });

  it('a storage that is full ends the share of the worker, with the reason of the server', async () => {
    const mesh = await shooting();
    const [full] = mesh.buses;
    if (full !== undefined) full.refusal = 'NATS does not store a message: insufficient storage';
    await mesh.toTheEnd();
    assert.match(
      String(mesh.ended),
      /share 0 of 2 \(w0 on host0\).*NATS does not store a message: insufficient storage/s,
    );
  });

  it('a worker whose connection has ended for good stops at once, and ends with the reason', async () => {
    const mesh = await shooting({ mesh: { onLostWorker: 'continue' } });
    const [cut] = mesh.buses;
    assert.ok(cut !== undefined);
    // Nothing is stored or published any more.
    cut.refusal = 'the connection is closed';
    cut.publish = () => undefined;
    const at = mesh.clock.now();
    cut.ended.next(new ElpisError('ELPIS_MESH', 'the connection to NATS has ended for good: authorization'));
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    const late = mesh.shots.filter(({ index, at: due }) => index % 2 === 0 && due > at + 100);
    assert.deepEqual(late, [], 'its share shoots nothing more');
    await mesh.pass(10_000);
    const said = mesh.logs[0]?.lines.map(({ message }) => message).join('\n');
    assert.match(said ?? '', /has ended for good: authorization: stops the run/);
    assert.deepEqual(
      mesh.failures.map((error) => isElpisError(error) && error.message),
      ['the connection to NATS has ended for good: authorization'],
    );
  });

  it('a free worker whose connection has ended for good ends with the reason', async () => {
    const mesh = new VirtualMesh({ clocks: [0], config: LONG });
    made.push(mesh);
    mesh.buses[0]?.ended.next(new ElpisError('ELPIS_MESH', 'ended for good'));
    assert.match(String(mesh.failures[0]), /ended for good/);
  });

  for (const when of ['before the start', 'while it plays'] as const)
    it(`a coordinator whose connection has ended for good fails with the reason ${when}`, async () => {
      const mesh = when === 'while it plays' ? await shooting() : await begun({ mesh: { workers: 3, minWorkers: 3 } });
      await mesh.pass(200);
      mesh.coordinatorBus?.ended.next(new ElpisError('ELPIS_MESH', 'ended for good: authorization'));
      await mesh.pass(6000, () => mesh.ended !== undefined);
      assert.match(String(mesh.ended), /ended for good: authorization/);
    });

  it('a clock that jumps is reported with the worker and the distance; small changes are not', async () => {
    const mesh = await shooting({ clocks: [0, 70_000] });
    mesh.jumps[0] = 30;
    // The machine of the other worker stands still for 2 s.
    await mesh.pass(2000, () => {
      mesh.jumps[1] = (mesh.jumps[1] ?? 0) - 5;
      return false;
    });
    await mesh.toTheEnd();
    assert.equal(mesh.ended, 'completed');
    const jumps = logOf(mesh).match(/the clock of worker .*/g);
    assert.equal(jumps?.length, 1, jumps?.join());
    assert.match(
      jumps[0] ?? '',
      /^the clock of worker w1 has jumped by -200\d ms: its shots are 200\d ms late from then on$/,
    );
  });
});
