import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A NATS server with JetStream, without TLS. */
export interface Nats {
  readonly port: number;
  stop(): void;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return connected;
}

/** Starts a server of its own. Needs `nats-server` in PATH. */
export async function startNats(): Promise<Nats> {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-bench-nats-'));
  const port = await freePort();
  const server = spawn('nats-server', ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  let failure: Error | undefined;
  server.once('error', (error) => {
    failure = new Error(`nats-server cannot be started: ${error.message}; on Debian: apt-get install nats-server`);
  });
  const stop = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  for (let tries = 0; tries < 200; tries++) {
    if (failure !== undefined) throw failure;
    if (await accepts(port)) return { port, stop };
    await delay(25);
  }
  stop();
  throw new Error('nats-server does not accept connections after 5 s');
}
