import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './folders.js';

/** A server that responds to every request after the same time. */
export interface IdleServer {
  readonly ports: readonly number[];
  stop(): void;
}

/** Starts the server on one core, listening on some ports. */
export async function startIdleServer(core: number, ports: number, answerSeconds: number): Promise<IdleServer> {
  const file = join(ROOT, 'bench', 'engine', 'idleServer.ts');
  const line = ['-c', String(core), process.execPath, '--import', 'tsx', file, String(ports)];
  const server = spawn('taskset', [...line, String(answerSeconds * 1000)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stop = (): void => void server.kill('SIGTERM');
  process.once('exit', stop);
  const [message] = (await once(server, 'message')) as [{ ports: number[] }];
  return { ports: message.ports, stop };
}
