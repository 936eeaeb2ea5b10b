import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { selfSigned } from '../lib/guns/selfSigned.js';
import { Bench, phoutRows } from './elpis.js';

/** Shoots 20 operations at an address with the built command and returns [net code, status] of each. */
async function shootAt(bench: Bench, address: string, gun = ''): Promise<string[]> {
  bench.write(
    'load.yaml',
    `
pools:
  - gun: {type: http, target: "${address}"${gun}}
    ammo: {type: uri, uris: ["/a", "/b"]}
    result: {type: phout, destination: p.log}
    rps: {type: once, times: 20}
    startup: {type: once, times: 4}
`,
  );
  const { code, stderr } = await bench.run(['load.yaml', '-q']);
  assert.equal(code, 0, stderr);
  return phoutRows(bench.read('p.log')).map((row) => `${row[10]} ${row[11]}`);
}

const all = (codes: string): string[] => Array<string>(20).fill(codes);

describe('elpis run over TLS', () => {
  it('keeps its connections in a closed loop, where responses may arrive before the event that the request is written', async () => {
    const bench = new Bench();
    let connections = 0;
    const server = createTlsServer(selfSigned(), (socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      bench.write(
        'load.yaml',
        `
pools:
  - gun: {type: http, target: "127.0.0.1:${port}", ssl: true}
    ammo: {type: uri, uris: [/], limit: 4000}
    result: {type: phout, destination: p.log}
    rps: {type: unlimited, duration: 20s}
    startup: {type: once, times: 8}
`,
      );
      const { code, stderr } = await bench.run(['load.yaml', '-q']);
      assert.equal(code, 0, stderr);
      assert.equal(phoutRows(bench.read('p.log')).filter((row) => row[11] === '200').length, 4000);
      // One for each instance, and the connection of the check before the run.
      assert.ok(connections <= 9, `${connections} connections`);
    } finally {
      server.close();
      bench.remove();
    }
  });
});

describe('elpis run against hostile servers', () => {
  const request = (socket: Socket, answer: (socket: Socket) => void): void => {
    let received = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        received = received.slice(end + 4);
        answer(socket);
      }
    });
  };
  const drip = (socket: Socket, text: string): void => {
    let sent = 0;
    const next = (): void => {
      if (sent >= text.length || socket.destroyed) return;
      socket.write(text.charAt(sent++));
      setImmediate(next);
    };
    next();
  };
  const flood = (socket: Socket): void => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = (): void => {
      while (!socket.destroyed && socket.write(`x-${'y'.repeat(1000)}: z\r\n`));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  };
  const rows: readonly [sentence: string, answer: (socket: Socket) => void, codes: string, gun?: string][] = [
    ['resets the connection', (socket) => socket.resetAndDestroy(), '104 0'],
    ['closes without a response', (socket) => socket.end(), '999 0'],
    ['sends garbage', (socket) => socket.end('\x00\x01 nonsense \xff\r\n\r\n'), '999 0'],
    [
      'sends its response byte by byte',
      (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      '0 200',
    ],
    ['sends an endless header', flood, '999 0'],
    ['never answers', () => undefined, '110 0', ', response-header-timeout: 50ms'],
    ['breaks off in the body', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'), '999 200'],
    [
      'sends interim responses first',
      (socket) => socket.write('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'),
      '0 204',
    ],
  ];
  for (const [sentence, answer, codes, gun] of rows) {
    it(`a server that ${sentence}`, async () => {
      const bench = new Bench();
      const server = createServer((socket) => request(socket, answer)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        assert.deepEqual(await shootAt(bench, `127.0.0.1:${(server.address() as AddressInfo).port}`, gun), all(codes));
      } finally {
        server.close();
        bench.remove();
      }
    });
  }

  it('a TLS server with a certificate that is not trusted', async () => {
    const bench = new Bench();
    const server: Server = createTlsServer(selfSigned(), (socket) =>
      request(socket, () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `localhost:${(server.address() as AddressInfo).port}`;
    try {
      assert.deepEqual(await shootAt(bench, address, ', ssl: true'), all('0 200'));
      assert.deepEqual(await shootAt(bench, address, ''), all('999 0'), 'without ssl: true it is no HTTP');
    } finally {
      server.close();
      bench.remove();
    }
  });
});

describe('elpis run against nginx', () => {
  const bench = new Bench();
  let nginx: ChildProcess;
  let port = 0;
  before(async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    port = (free.address() as AddressInfo).port;
    await new Promise((resolve) => free.close(resolve));
    bench.write(
      'nginx.conf',
      `
daemon off; master_process off; pid ${bench.folder}/nginx.pid; error_log stderr;
events { worker_connections 256; }
http {
  log_format times '$msec $request_method $uri $status';
  access_log ${bench.folder}/access.log times;
  client_body_temp_path ${bench.folder}/body; proxy_temp_path ${bench.folder}/proxy; fastcgi_temp_path ${bench.folder}/fastcgi;
  uwsgi_temp_path ${bench.folder}/uwsgi; scgi_temp_path ${bench.folder}/scgi;
  server {
    listen 127.0.0.1:${port}; keepalive_requests 50;
    location / { return 200 "hello\\n"; }
    location /missing { return 404; }
    location /gone { return 301 /; }
  }
}
`,
    );
    const binary = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
    nginx = spawn(binary, ['-c', `${bench.folder}/nginx.conf`], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    nginx.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    let missing: Error | undefined;
    nginx.on('error', (error) => {
      missing = error;
    });
    for (let tries = 0; tries < 100 && missing === undefined; tries++) {
      if (
        await fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        )
      )
        return;
      await delay(50);
    }
    throw new Error(`nginx did not start (on Debian: apt-get install nginx): ${missing?.message ?? said}`);
  });
  after(() => {
    nginx.kill();
    bench.remove();
  });

  it('its access log, phout and the plan agree, through keep-alive limits', async () => {
    const before = bench.read('access.log').trim().split('\n').length;
    bench.write(
      'load.yaml',
      `
pools:
  - gun: {type: http, target: "127.0.0.1:${port}", dial: {dns-cache: false}}
    ammo: {type: uri, uris: ["/ ok", "/missing missing", "/gone moved"]}
    result: [{type: phout, destination: p.log}, {type: jsonlines, sink: j.log}]
    rps: [{type: line, from: 50, to: 250, duration: 2s}]
    startup: {type: once, times: 10}
`,
    );
    assert.equal((await bench.run(['load.yaml', '-q'])).code, 0);
    const rows = phoutRows(bench.read('p.log'));
    assert.equal(rows.length, 300);
    const count = (tag: string, status: string): number =>
      rows.filter((row) => row[1] === tag && row[11] === status).length;
    assert.deepEqual([count('ok', '200'), count('missing', '404'), count('moved', '301')], [100, 100, 100]);
    await delay(50);
    const arrivals = bench.read('access.log').trim().split('\n').slice(before);
    assert.equal(arrivals.length, 300);
    // The first half of the time carries 100 of the 300 operations: the area under the line.
    const intended = bench
      .read('j.log')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { intended: number }).intended)
      .sort((a, b) => a - b);
    assert.equal(intended.filter((time) => time < Number(intended[0]) + 1).length, 100);
    // On a machine of any speed, no request arrives before it is due (nginx writes whole milliseconds).
    const times = arrivals.map((line) => Number(line.split(' ')[0])).sort((a, b) => a - b);
    assert.deepEqual(
      times.filter((time, k) => time < Number(intended[k]) - 0.001),
      [],
    );
  });
});
