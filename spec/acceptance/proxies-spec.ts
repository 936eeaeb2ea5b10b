import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTarget, type Target } from '../../lib/target/target.js';
import { selfSigned } from '../lib/guns/selfSigned.js';
import { Bench, phoutRows } from './elpis.js';

/** The path of a program, or undefined where it is not installed; `npm test` installs it as root on Debian. */
function programPath(name: string): string | undefined {
  const paths = ['/usr/sbin', '/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${name}`);
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) console.log(`skipped: ${name} is not installed (on Debian: apt-get install ${name})`);
  return found;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Starts a program, and waits until it accepts connections at a port. */
async function started(path: string, args: readonly string[], port: number): Promise<ChildProcess> {
  const program = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (bytes: Buffer) => {
      printed = (printed + bytes.toString()).slice(-2000);
    });
  const accepts = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  for (let tries = 0; tries < 200 && program.exitCode === null; tries++) {
    if (await accepts()) return program;
    await delay(50);
  }
  program.kill('SIGKILL');
  throw new Error(`${path} does not accept connections: ${printed}`);
}

async function stopped(program: ChildProcess | undefined): Promise<void> {
  if (program === undefined || program.exitCode !== null) return;
  const gone = once(program, 'exit');
  program.kill('SIGKILL');
  await gone;
}

/** Shoots with 5 instances through a proxy, and returns how often each net code and status came. */
async function shoot(bench: Bench, gun: string, host: string, times = 200): Promise<Record<string, number>> {
  bench.write(
    'load.yaml',
    `
pools:
  - gun: {type: connect, ${gun}}
    ammo: {type: uri, uris: ["/a", "/b"], headers: ["[Host: ${host}]"]}
    result: [{type: phout, destination: p.log}, {type: jsonlines, sink: j.log}]
    rps: {type: once, times: ${times}}
    startup: {type: once, times: 5}
`,
  );
  const { code, stderr } = await bench.run(['load.yaml', '-q']);
  assert.equal(code, 0, stderr);
  const counts: Record<string, number> = {};
  for (const row of phoutRows(bench.read('p.log'))) {
    const codes = `${row[10]} ${row[11]}`;
    counts[codes] = (counts[codes] ?? 0) + 1;
  }
  return counts;
}

const tinyproxy = programPath('tinyproxy');

describe('the connect gun through tinyproxy', { skip: tinyproxy === undefined }, () => {
  const bench = new Bench();
  let target: Target;
  let [open, locked]: (ChildProcess | undefined)[] = [];
  let [port, lockedPort]: number[] = [];
  before(async () => {
    target = await startTarget();
    [port = 0, lockedPort = 0] = await freePorts(2);
    const common = 'Listen 127.0.0.1\nAllow 127.0.0.1\nMaxClients 100\nTimeout 60\n';
    bench.write('open.conf', `Port ${port}\n${common}`);
    bench.write('locked.conf', `Port ${lockedPort}\n${common}BasicAuth ann hope\n`);
    open = await started(tinyproxy ?? '', ['-d', '-c', `${bench.folder}/open.conf`], port);
    locked = await started(tinyproxy ?? '', ['-d', '-c', `${bench.folder}/locked.conf`], lockedPort);
  });
  after(async () => {
    for (const program of [open, locked]) await stopped(program);
    await target.close();
    bench.remove();
  });

  it('shoots at the host of the ammo, over a tunnel for each instance', async () => {
    const { total, connections } = target.stats();
    assert.deepEqual(await shoot(bench, `target: "127.0.0.1:${port}"`, `127.0.0.1:${target.port}`), { '0 404': 200 });
    const now = target.stats();
    assert.deepEqual([now.total - total, now.connections.opened - connections.opened], [200, 5]);
  });

  it('is refused without a password, and shoots with one', async () => {
    const at = `target: "127.0.0.1:${lockedPort}"`;
    assert.deepEqual(await shoot(bench, at, `127.0.0.1:${target.port}`, 20), { '999 0': 20 });
    assert.match(bench.read('j.log'), /"proxy status 40[17]"/);
    const authorization = Buffer.from('ann:hope').toString('base64');
    const headers = `connect-headers: ["[Proxy-Authorization: Basic ${authorization}]"]`;
    assert.deepEqual(await shoot(bench, `${at}, ${headers}`, `127.0.0.1:${target.port}`), { '0 404': 200 });
  });

  it('reports a host that the proxy cannot reach with the status of the proxy', async () => {
    const [closed = 0] = await freePorts(1);
    assert.deepEqual(await shoot(bench, `target: "127.0.0.1:${port}"`, `127.0.0.1:${closed}`, 20), { '999 0': 20 });
    assert.match(bench.read('j.log'), /"proxy status 5\d\d"/);
  });
});

const squid = programPath('squid');

describe('the connect gun through squid', { skip: squid === undefined }, () => {
  const bench = new Bench();
  const server = createHttps(selfSigned(), (_request, response) => response.end('hi'));
  let connections = 0;
  let target: Target;
  let program: ChildProcess | undefined;
  let [port, securePort]: number[] = [];
  before(async () => {
    target = await startTarget();
    server.on('secureConnection', () => connections++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    [port = 0, securePort = 0] = await freePorts(2);
    // Squid changes to a user of its own, who writes into this folder.
    chmodSync(bench.folder, 0o777);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '30'],
        ...['-keyout', `${bench.folder}/key.pem`, '-out', `${bench.folder}/cert.pem`],
      ],
      { stdio: 'pipe' },
    );
    for (const name of ['key.pem', 'cert.pem']) chmodSync(`${bench.folder}/${name}`, 0o644);
    bench.write(
      'squid.conf',
      `
http_port 127.0.0.1:${port}
https_port 127.0.0.1:${securePort} tls-cert=${bench.folder}/cert.pem tls-key=${bench.folder}/key.pem
http_access allow all
cache deny all
pid_filename none
access_log stdio:${bench.folder}/access.log
cache_log ${bench.folder}/cache.log
coredump_dir ${bench.folder}
shutdown_lifetime 0 seconds
`,
    );
    program = await started(squid ?? '', ['-N', '-f', `${bench.folder}/squid.conf`], securePort);
  });
  after(async () => {
    await stopped(program);
    server.closeAllConnections();
    server.close();
    await target.close();
    bench.remove();
  });

  it('shoots plain HTTP in a tunnel for each instance', async () => {
    const at = `target: "127.0.0.1:${port}"`;
    assert.deepEqual(await shoot(bench, at, `127.0.0.1:${target.port}`), { '0 404': 200 });
    assert.equal(target.stats().connections.opened, 5);
  });

  it('shoots HTTPS in a tunnel, over TLS with the proxy', async () => {
    const at = `target: "127.0.0.1:${securePort}", connect-ssl: true, ssl: true, tls-handshake-timeout: 10s`;
    const { port: secure } = server.address() as AddressInfo;
    assert.deepEqual(await shoot(bench, at, `127.0.0.1:${secure}`), { '0 200': 200 });
    assert.equal(connections, 5);
  });

  it('verifies the certificate of the proxy by connect-tls', async () => {
    const at = `target: "localhost:${securePort}", connect-ssl: true, tls-handshake-timeout: 10s, connect-tls`;
    const host = `127.0.0.1:${target.port}`;
    assert.deepEqual(await shoot(bench, `${at}: {verify: true, ca: cert.pem}`, host), { '0 404': 200 });
    assert.deepEqual(await shoot(bench, `${at}: {verify: true}`, host, 20), { '999 0': 20 });
  });
});
