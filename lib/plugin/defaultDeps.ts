import type { Deps, Log } from '../core/deps.js';
import { realTimeScheduler } from '../time/realTime.js';
import { anySeed, seededRandom } from '../time/seededRandom.js';

function stderrLog(): Log {
  const line =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      const more = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
      process.stderr.write(`${level} ${message}${more}\n`);
    };
  return { debug: () => undefined, info: () => undefined, warn: line('warning'), error: line('error') };
}

/**
 * The dependencies of components in a pipeline: the streams of this process and real time; warnings and errors go to
 * stderr.
 */
export function defaultDeps(): Deps {
  return {
    scheduler: realTimeScheduler,
    random: seededRandom(anySeed()),
    log: stderrLog(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    share: { index: 0, of: 1 },
  };
}
