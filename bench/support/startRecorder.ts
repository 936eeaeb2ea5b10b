import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server that keeps when every request arrived. */
export interface Recorder {
  readonly port: number;
  /** Forgets what has arrived. */
  clear(): Promise<void>;
  /** Arrivals in milliseconds of the monotonic clock, in turn. */
  arrivals(): Promise<number[]>;
  stop(): void;
}

/** Starts the recorder on one core. */
export async function startRecorder(core: number): Promise<Recorder> {
  const file = join(import.meta.dirname, 'recorder.ts');
  const server = spawn('taskset', ['-c', String(core), process.execPath, '--import', 'tsx', file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stop = (): void => void server.kill('SIGTERM');
  process.once('exit', stop);
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const ask = async (question: string): Promise<number[]> => {
    server.send(question);
    const [message] = (await once(server, 'message')) as [{ arrivals: number[] }];
    return message.arrivals;
  };
  return { port, stop, clear: async () => void (await ask('clear')), arrivals: () => ask('arrivals') };
}
