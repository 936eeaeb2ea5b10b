import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Target } from '../../../lib/target/target.js';
import { atTarget } from '../atTarget.js';
import { type Bench, phoutRows } from '../elpis.js';
import { Fleet } from './fleet.js';
import { NatsServer } from './natsServer.js';

describe('the commands of a group of machines', () => {
  const nats = new NatsServer();
  let fleet: Fleet;
  let target: Target;
  let bench: Bench;
  before(async () => {
    await nats.start();
    fleet = new Fleet(nats);
    await fleet.add({ name: 'strict' });
    await fleet.add({
      name: 'open',
      args: ['--allow', 'modules', '--allow', 'env=PATH_TO_SHOOT'],
      env: { PATH_TO_SHOOT: '/b' },
    });
  });
  after(async () => {
    await fleet.stop();
    await nats.remove();
  });
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const config = (more = '', uris = '"/ a"'): string => `
pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: {type: uri, uris: [${uris}]}
    result: [{type: phout, destination: p.log, id: true}]
    rps: {type: const, ops: 50, duration: 1s}
    startup: {type: once, times: 12}
${more}`;

  it('a run that needs more than a worker allows fails at the deadline, with the reason and the remedy', async () => {
    bench.write('load.yaml', config('', '"${PATH_TO_SHOOT} a"'));
    const args = ['load.yaml', ...nats.options('coordinator'), '--workers', '2', '--deadline', '4s'];
    const { code, stderr } = await bench.run(args, { env: { PATH_TO_SHOOT: '/b' } });
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /1 of 2 workers are ready after 4 s: strict-\w+ on .+ is not ready: the config reads the variable PATH_TO_SHOOT, which this worker does not allow \(start the worker with --allow env=PATH_TO_SHOOT\)/,
    );
    assert.match(stderr, /ELPIS_MESH/);
    assert.equal(target.stats().total, 0);
  });

  it('by the keys of the config, min-workers lets it start with the others, and the secrets stay where they are', async () => {
    const [, url, , group, , login, , ca] = nats.options('coordinator');
    const mesh = `mesh: {servers: ["${url}"], group: ${group}, workers: 2, min-workers: 1, deadline: 4s, credentials: ${login}, tls: {ca: ${ca}}}`;
    bench.write('load.yaml', config(mesh, '"${PATH_TO_SHOOT} a"'));
    const { code, stdout, stderr } = await bench.run(['load.yaml'], { env: { PATH_TO_SHOOT: '/b' } });
    assert.equal(code, 0, stderr);
    assert.equal(target.stats().total, 50);
    const texts = stdout + stderr + fleet.workers.map(({ log }) => log()).join('');
    assert.doesNotMatch(texts, /for-coordinators|for-workers/);
  });

  it('a worker that may open too few files is not ready, with the arithmetic, before anything is shot', async () => {
    const few = await fleet.add({ name: 'few', openFiles: 160 });
    const atOnce = config().replace('{type: const, ops: 50, duration: 1s}', '{type: once, times: 600}');
    bench.write('load.yaml', atOnce.replace('times: 12', 'times: 600'));
    const { code, stderr } = await bench.run([
      ...['load.yaml', ...nats.options('coordinator'), '--workers', '3', '--deadline', '4s'],
    ]);
    await fleet.kill(few);
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /2 of 3 workers are ready after 4 s: few-\w+ on .+ is not ready: main may open 200 connections \(200 instances x 1\) \+ 64 other files = 264, but this process may have 160 files open \(ulimit -n\) \(ulimit -n 264 before the start/,
    );
    assert.equal(target.stats().connections.opened, 0);
  });

  it('a user of workers may not coordinate, and a wrong password is refused without being shown', async () => {
    bench.write('load.yaml', config());
    const asWorker = await bench.run(['load.yaml', ...nats.options('worker'), '--workers', '2', '--deadline', '4s']);
    assert.equal(asWorker.code, 1);
    assert.match(asWorker.stderr, /Permissions Violation/i);
    bench.write('wrong.login', 'user: coordinator\npassword: guessed-it\n');
    const [, url = '', , group = '', , , , ca = ''] = nats.options('coordinator');
    const wrong = await bench.run([
      'load.yaml',
      '--mesh',
      url,
      '--group',
      group,
      '--tls-ca',
      ca,
      '--credentials',
      'wrong.login',
      '--workers',
      '2',
    ]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /no connection to NATS at tls:\/\/localhost:\d+: .*authoriz/i);
    assert.doesNotMatch(wrong.stderr, /guessed-it/);
    const inAddress = await bench.run(['load.yaml', '--mesh', 'nats://me:secret@127.0.0.1:1', '--workers', '2']);
    assert.equal(inAddress.code, 2);
    assert.match(
      inAddress.stderr,
      /--mesh: expected an address such as nats:\/\/127\.0\.0\.1:4222, without user and password/,
    );
  });

  it('status shows the workers and the runs; stop ends a run as Ctrl-C does', async () => {
    bench.write('load.yaml', config().replace('1s', '60s'));
    const run = bench.start([
      'load.yaml',
      ...nats.options('coordinator'),
      '--workers',
      '2',
      '--summary-json',
      's.json',
    ]);
    await fleet.until(
      () => target.stats().total > 20,
      () => 'it shoots',
    );
    const [, url = '', , group = '', , login = '', , ca = ''] = nats.options('coordinator');
    const env = { ELPIS_MESH: url, ELPIS_MESH_GROUP: group, ELPIS_MESH_CREDENTIALS: login, ELPIS_MESH_CA: ca };
    const status = await bench.run(['mesh', 'status', '--json'], { env });
    const { workers, runs } = JSON.parse(status.stdout) as {
      workers: { worker: string; run: string; allow: string[] }[];
      runs: { run: string; state: string }[];
    };
    const running = runs.filter(({ state }) => state === 'running').map(({ run: id }) => id);
    assert.equal(running.length, 1);
    assert.deepEqual(
      workers.map((worker) => [worker.run, worker.allow.length]),
      [
        [running[0], 2],
        [running[0], 0],
      ],
    );
    const text = await bench.run(['mesh', 'status', ...nats.options('coordinator')]);
    assert.match(
      text.stdout,
      /strict-\w+ +\S+ +\S+ +\d+ +run \d{8}-\d{6}-\w{4} +[\d.]+\/s +[\d.,]+ ms +\d+ % +-?[\d.]+ ms ± [\d.]+ ms +-\n/,
    );
    const stop = await bench.run(['mesh', 'stop', ...nats.options('coordinator')]);
    assert.equal(stop.code, 0, stop.stderr);
    const { code, stderr } = await run.finished;
    assert.equal(code, 0, stderr);
    assert.ok(target.stats().total < 1000);
    const again = await bench.run(['mesh', 'stop', ...nats.options('coordinator')]);
    assert.match(again.stderr, /nothing is stopped: no run has a coordinator/);
  });

  it('without NATS, --workers are processes of this machine, each with its threads: the union is the run of one', async () => {
    bench.write('load.yaml', config('', '"/ a", "/ b", "/status/404 c"'));
    const shared = await bench.run(['load.yaml', '-q', '--workers', '3', '--threads', '2']);
    assert.equal(shared.code, 0, shared.stderr);
    const ids = () =>
      phoutRows(bench.read('p.log'))
        .map((row) => String(row[1]))
        .sort();
    const union = ids();
    assert.equal((await bench.run(['load.yaml', '-q'])).code, 0);
    assert.deepEqual(union, ids());
    assert.equal(target.stats().total, 100);
  });

  it('a worker whose login is not valid any more ends with the reason, and NATS without JetStream is named', async () => {
    nats.revokeWorkers();
    for (const { child, log } of fleet.workers) {
      await fleet.until(() => child.exitCode !== null, log);
      assert.match(log(), /the connection to NATS has ended for good: Authorization Violation/);
      assert.doesNotMatch(log(), /for-workers|changed/);
      assert.notEqual(child.exitCode, 0);
    }
    const plain = new NatsServer();
    await plain.start({ jetStream: false });
    try {
      for (const [user, args] of [
        ['coordinator', ['run', 'load.yaml', '--workers', '2']],
        ['worker', ['worker']],
      ] as const) {
        bench.write('load.yaml', config());
        const { code, stderr } = await bench.run([...args, ...plain.options(user)]);
        assert.match(stderr, /JetStream of NATS cannot be used: .*not enabled.*\nhint +start NATS with -js/);
        assert.notEqual(code, 0);
      }
    } finally {
      await plain.remove();
    }
  });

  it('merge writes the rows of several files in the order of time, and refuses other files', async () => {
    bench.write('a.log', '1.000\ta\n3.000\ta\n5.000\ta\n');
    bench.write('b.log', '2.000\tb\n3.000\tb\n');
    bench.write('empty.log', '');
    const from = ['a.log', 'b.log', 'empty.log'].flatMap((file) => ['--from', file]);
    assert.equal((await bench.run(['merge', 'm.log', ...from])).code, 0);
    assert.equal(bench.read('m.log'), '1.000\ta\n2.000\tb\n3.000\ta\n3.000\tb\n5.000\ta\n');
    assert.equal((await bench.run(['merge', '-', ...from])).stdout, bench.read('m.log'));
    bench.write('other.txt', 'hello\n');
    const other = await bench.run(['merge', 'm.log', '--from', 'other.txt']);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /other\.txt: a line does not begin with a time: "hello"/);
    assert.match(
      (await bench.run(['merge', 'a.log', '--from', 'a.log'])).stderr,
      /a\.log is read, so it cannot be written/,
    );
  });
});
