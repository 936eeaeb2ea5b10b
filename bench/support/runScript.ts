import { join } from 'node:path';
import { ROOT } from './folders.js';
import { runCommand } from './runCommand.js';

/** Runs a script of bench/engine or another folder on one core, against the built Elpis, and reads the JSON that it prints. */
export async function runScript<T>(
  name: string,
  args: readonly (string | number)[],
  { core = 0, limitSeconds = 60, folder = 'engine' }: { core?: number; limitSeconds?: number; folder?: string } = {},
): Promise<T> {
  const file = join(ROOT, 'bench', folder, `${name}.ts`);
  const finished = await runCommand([process.execPath, '--import', 'tsx', file, ...args.map(String)], {
    ...{ core, limitSeconds },
    env: { TSX_TSCONFIG_PATH: join(ROOT, 'bench', 'tsconfig.json') },
  });
  if (finished.code !== 0) throw new Error(`${name} ended with ${finished.code}: ${finished.stderr.slice(-2000)}`);
  return JSON.parse(finished.stdout) as T;
}
