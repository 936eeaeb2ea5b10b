import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench, phoutRows } from './elpis.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

interface Seen {
  requests: number;
  connections: number;
}

/** A server that calls `answer` for each request; `test` gets its address and its requests. */
async function serving(
  answer: (socket: Socket, seen: Seen) => void,
  test: (target: string, seen: Seen) => Promise<void>,
): Promise<void> {
  const seen: Seen = { requests: 0, connections: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    seen.connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', () => {
      seen.requests++;
      answer(socket, seen);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test(`127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

interface Summary {
  readonly pools: readonly {
    readonly total: { readonly shots: number };
    readonly counters?: Readonly<Record<string, number>>;
  }[];
}

describe('faults of connections, by the command line', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.remove());

  const closedLoop = (target: string, gun = '', instances = 8, shots = 2000): string => `
pools:
  - gun: {type: http, target: "${target}"${gun}}
    ammo: {type: uri, uris: [/], limit: ${shots}}
    result: [{type: phout, destination: p.log}, {type: jsonlines, sink: j.log}]
    rps: {type: unlimited, duration: 25s}
    startup: {type: once, times: ${instances}}
`;
  async function run(config: string, threads = 1): Promise<{ pool: Summary['pools'][number]; text: string }> {
    bench.write('load.yaml', config);
    const args = ['run', 'load.yaml', '--summary-json', 's.json', '--threads', String(threads)];
    const { code, stderr, stdout } = await bench.run(args);
    assert.equal(code, 0, stderr);
    const { pools } = JSON.parse(bench.read('s.json')) as Summary;
    return { pool: pools[0] as Summary['pools'][number], text: stdout + stderr };
  }

  for (const threads of [1, 2]) {
    it(`requests at the server are shots and retries, when it drops every 101st request, threads: ${threads}`, () =>
      serving(
        (socket, seen) => {
          if (seen.requests % 101 === 0) socket.resetAndDestroy();
          else socket.write(OK);
        },
        async (target, seen) => {
          const { pool, text } = await run(closedLoop(target), threads);
          const retries = pool.counters?.retries ?? 0;
          assert.ok(retries > 0);
          assert.equal(seen.requests, pool.total.shots + retries);
          assert.match(text, new RegExp(`retries +${retries}\\b`));
          const rows = bench.read('j.log').trim().split('\n');
          const told = rows.reduce((sum, row) => sum + (JSON.parse(row) as { retries: number }).retries, 0);
          assert.deepEqual([rows.length, told], [pool.total.shots, retries]);
        },
      ));
  }

  it('responses without a request are reported, and no sample fails', () =>
    serving(
      (socket) => socket.write(OK + OK),
      async (target) => {
        const { pool, text } = await run(closedLoop(target, '', 4, 200));
        assert.deepEqual(pool.counters, { 'responses without a request': 200 });
        assert.match(text, /responses without a request +200\b/);
        assert.deepEqual(
          phoutRows(bench.read('p.log')).filter((row) => row[10] !== '0' || row[11] !== '200'),
          [],
        );
      },
    ));

  it('instances that share a client reuse the connections of each other', () =>
    serving(
      (socket) => setTimeout(() => socket.write(OK), 1),
      async (target, seen) => {
        await run(closedLoop(target, ', shared-client: {enabled: true}', 20));
        assert.ok(seen.connections <= 100, `${seen.connections} connections for 20 instances and 2000 shots`);
      },
    ));

  it('hit ends, and reports timeouts, when the server never responds', () =>
    serving(
      () => undefined,
      async (target) => {
        const { code, stdout, stderr } = await bench.run([
          'hit',
          target,
          '--for',
          '1s',
          '--rps',
          '5',
          '--timeout',
          '300ms',
        ]);
        assert.equal(code, 0, stderr);
        assert.match(stdout + stderr, /net 110 timeout +5\b/);
      },
    ));

  it('check warns when nothing limits a whole shot and nothing limits its body', async () => {
    for (const [gun, told] of [
      ['', true],
      [', response-header-timeout: 1s', true],
      [', request-timeout: 30s', false],
      [', body-idle-timeout: 5s', false],
    ] as const) {
      bench.write('load.yaml', closedLoop('127.0.0.1:1', gun));
      const { code, stdout } = await bench.run(['check', 'load.yaml']);
      assert.deepEqual([code, stdout.includes('no limit for a whole shot (request-timeout)')], [0, told], gun);
    }
  });

  const samples: readonly [way: string, shoot: string][] = [
    ['rejects', 'Promise.reject(new TypeError("broken"))'],
    ['emits undefined', 'Promise.resolve(undefined)'],
  ];
  for (const [way, shoot] of samples) {
    it(`a gun of the user that ${way} at its 51st shot fails the run, and 50 samples are in phout and the summary`, async () => {
      bench.write(
        'mine.ts',
        `import { component, NetSample, struct } from 'elpis';
         let shots = 0;
         const gun = component({
           kind: 'gun', name: 'mine', summary: 'Fails once.', options: struct('mine', {}),
           create: (_options, { scheduler }) => ({
             create: () => ({
               shoot: (_ammo: unknown, shot: never) =>
                 ++shots === 51 ? ${shoot} : Promise.resolve(NetSample.of(shot).end(scheduler.now(), 200)),
             }),
           }),
         });
         export default [gun];`,
      );
      bench.write(
        'load.yaml',
        `
plugins: [./mine.ts]
pools:
  - gun: {type: mine}
    ammo: {type: dummy}
    result: {type: phout, destination: p.log}
    rps: {type: const, ops: 200, duration: 1s}
    startup: {type: once, times: 1}
`,
      );
      const { code, stderr } = await bench.run(['run', 'load.yaml', '--summary-json', 's.json']);
      assert.equal(code, 1, stderr);
      const good = phoutRows(bench.read('p.log')).filter((row) => row[11] === '200');
      assert.equal(good.length, 50);
      const { pools } = JSON.parse(bench.read('s.json')) as Summary;
      assert.equal(pools[0]?.total.shots, 50);
    });
  }
});
