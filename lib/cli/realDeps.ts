import type { Deps, Log } from '../core/deps.js';
import { realTimeScheduler } from '../coreutil/realTimeScheduler.js';
import { seededRandom } from '../coreutil/seededRandom.js';
import type { Io } from './io.js';

/** The outside world of a real run. */
export function realDeps(io: Io, log: Log): Deps {
  return {
    scheduler: realTimeScheduler,
    random: seededRandom(Math.floor(realTimeScheduler.now() * 1000)),
    log,
    stdin: io.stdin,
    stdout: io.stdout,
    stderr: io.stderr,
    share: { index: 0, of: 1 },
  };
}
