import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CACHE, ROOT } from './folders.js';

/** A running gRPC server. */
export interface Greeter {
  readonly port: number;
  /** Stops it, and returns how many calls it has had. */
  stop(): Promise<number>;
}

/** Builds the Go server of the specs (it needs Go), and starts it on one core. */
export async function startGreeter(core: number): Promise<Greeter> {
  const program = join(CACHE, 'greeter');
  const cwd = join(ROOT, 'spec/lib/guns/grpc/goServer');
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/go/bin` };
  execFileSync('go', ['build', '-o', program, '.'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const child = spawn('taskset', ['-c', String(core), program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [port] = (await once(lines, 'line')) as [string];
  return {
    port: Number(port),
    stop: async () => {
      const counted = once(lines, 'line') as Promise<[string]>;
      child.stdin.end();
      const counts = Object.values(JSON.parse((await counted)[0]) as Record<string, number>);
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
