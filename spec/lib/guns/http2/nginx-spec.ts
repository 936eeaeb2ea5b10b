import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { http } from '../../../../lib/guns/http/gun.js';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import { freePort } from '../../../freePort.js';
import { GunBench } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';

const missing = spawnSync('nginx', ['-v']).error !== undefined;

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)));
    socket.on('error', () => resolve(false));
  });

describe('the http2 gun and nginx', { skip: missing ? 'nginx is not installed' : false }, () => {
  let folder: string;
  let nginx: ChildProcess;
  let ports: { plain: number; h2c: number; tls: number };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-nginx-'));
    const { key, cert } = selfSigned();
    ports = { plain: await freePort(), h2c: await freePort(), tls: await freePort() };
    writeFileSync(join(folder, 'key.pem'), key);
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'big'), 'x'.repeat(3_000_000));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid nginx.pid; error_log error.log;
events {}
http {
  access_log off; keepalive_requests 10; default_type text/plain; ${temporary.join(' ')}
  server {
    listen 127.0.0.1:${ports.plain}; listen 127.0.0.1:${ports.h2c} http2; listen 127.0.0.1:${ports.tls} ssl http2;
    ssl_certificate cert.pem; ssl_certificate_key key.pem; root ${folder}; client_max_body_size 1k;
    location = / { return 200 "hello\\n"; }
    location = /teapot { return 418; }
    location = /moved { return 302 /; }
    location = /none { return 204; }
  }
}
`,
    );
    nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]);
    while (!(await accepts(ports.tls)));
  });
  after(() => {
    nginx.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const requests = ['/', '/big', '/teapot', '/none', '/absent', '/moved'];

  for (const ssl of [false, true]) {
    it(`give the same statuses as the http gun ${ssl ? 'over TLS' : 'without TLS'}, over connections that end after 10 requests`, async () => {
      const one = new GunBench(http, { target: `127.0.0.1:${ports.plain}`, redirect: true });
      const two = new GunBench(http2, { target: `127.0.0.1:${ssl ? ports.tls : ports.h2c}`, ssl, redirect: true });
      try {
        for (let round = 0; round < 5; round++) {
          for (const target of requests) {
            const [expected, got] = [await one.shoot({ target }), await two.shoot({ target })];
            assert.deepEqual([got.netCode, got.protoCode], [expected.netCode, expected.protoCode], target);
          }
        }
        const posted = { method: 'POST', target: '/', body: Buffer.alloc(100_000) };
        assert.equal((await two.shoot(posted)).protoCode, 413);
        const counters = two.gunFactory.counters?.();
        assert.ok((counters?.get('connections closed by goaway') ?? 0) >= 3, 'nginx closes with GOAWAY');
      } finally {
        await one.close();
        await two.close();
      }
    });
  }

  it('lose no request at the end of a connection with many streams', async () => {
    const options = { target: `127.0.0.1:${ports.h2c}`, ssl: false, sharedClient: { enabled: true }, connections: 1 };
    const bench = new GunBench(http2, options);
    try {
      const samples = await Promise.all(Array.from({ length: 100 }, (_, i) => bench.shoot({}, i)));
      assert.deepEqual([...new Set(samples.map(({ netCode, protoCode }) => `${netCode} ${protoCode}`))], ['0 200']);
    } finally {
      await bench.close();
    }
  });
});
