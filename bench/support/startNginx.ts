import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { CACHE } from './folders.js';

/** The server that every closed-loop row shoots at. */
export interface Nginx {
  readonly port: number;
  readonly tlsPort: number;
  /** HTTP/2 without TLS. */
  readonly http2Port: number;
  /** Requests that it has handled since it started, this question included. */
  requests(): Promise<number>;
  stop(): void;
}

/** Ports that are free now: nginx cannot choose them itself. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Starts nginx with one worker on one core: `/` is 12 bytes, `/10k` and `/100k` are files; the same over TLS 1.3. */
export async function startNginx(core: number): Promise<Nginx> {
  const [port = 0, tlsPort = 0, http2Port = 0] = await freePorts(3);
  const folder = join(CACHE, 'nginx');
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(join(folder, '10k'), 'x'.repeat(10_000));
  writeFileSync(join(folder, '100k'), 'x'.repeat(100_000));
  if (!existsSync(join(folder, 'key.pem')))
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'].concat([
        '-subj',
        '/CN=localhost',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'cert.pem'),
      ]),
      { stdio: 'ignore' },
    );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log;
events { worker_connections 4096; }
http {
  access_log off; default_type text/plain; sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_requests 1000000000; keepalive_timeout 600s; open_file_cache max=16;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    listen 127.0.0.1:${tlsPort} ssl backlog=4096;
    listen 127.0.0.1:${http2Port} http2 backlog=4096;
    ssl_protocols TLSv1.3; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    root ${folder};
    location = / { return 200 "hello world\\n"; }
    location = /status { stub_status; }
  }
}
`,
  );
  const server = spawn('taskset', ['-c', String(core), 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = (): void => void server.kill('SIGTERM');
  process.once('exit', stop);
  const requests = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${port}/status`, { headers: { connection: 'close' } });
    return Number(/\n\s*\d+ \d+ (\d+)/.exec(await response.text())?.[1]);
  };
  for (let tries = 0; ; tries++) {
    try {
      await requests();
      return { port, tlsPort, http2Port, requests, stop };
    } catch (error) {
      if (tries === 50 || server.exitCode !== null) throw new Error('nginx did not start', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
