import { PassThrough, Readable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';
import type { Deps } from '../core/deps.js';
import { seededRandom } from '../coreutil/seededRandom.js';
import { FakeLog } from './fakeLog.js';
import { VirtualClock } from '../coreutil/virtualClock.js';

/** Dependencies without an outside world: virtual time, seed 1, empty stdin, output into memory; each can be replaced. */
export function fakeDeps(replaced: Partial<Deps> = {}): Deps & { readonly scheduler: SchedulerLike } {
  return {
    scheduler: new VirtualClock(),
    random: seededRandom(1),
    log: new FakeLog(),
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    share: { index: 0, of: 1 },
    ...replaced,
  };
}
