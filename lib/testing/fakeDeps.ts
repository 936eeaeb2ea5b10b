import { PassThrough, Readable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';
import type { Deps, Log } from '../core/deps.js';
import { seededRandom } from '../time/seededRandom.js';
import { VirtualClock } from '../time/virtualClock.js';

/** A log that keeps its lines, for tests. */
export class FakeLog implements Log {
  readonly lines: { readonly level: string; readonly message: string; readonly fields: Record<string, unknown> }[] = [];
  debug = this.#keep('debug');
  info = this.#keep('info');
  warn = this.#keep('warn');
  error = this.#keep('error');

  #keep(level: string) {
    return (message: string, fields: Record<string, unknown> = {}): void => {
      this.lines.push({ level, message, fields });
    };
  }
}

/** Dependencies for tests: virtual time, seed 1, empty stdin, output into memory; each can be replaced. */
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
