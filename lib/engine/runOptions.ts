import type { Observable, SchedulerLike } from 'rxjs';
import type { Command } from '../../operators/command.js';
import type { Millis } from '../core/units.js';

/** How pools are run. */
export interface RunOptions {
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  /**
   * Ends the run softly: at each value no new shot starts, and those under way may take that many milliseconds more. A
   * later value replaces the limit; 0 ends at once. Everything recorded is flushed in any case.
   */
  readonly drain?: Observable<Millis>;
  /** Awaited when a pool has warmed up, before its first shot: a common start for several threads. Default: no wait. */
  readonly barrier?: (pool: string) => Observable<unknown>;
  /**
   * Steers a pool while it runs: pause, resume, another rate or speed, an end. Asked once per pool, subscribed to from the
   * pool's warm-up on. Default: no commands.
   */
  readonly control?: (pool: string) => Observable<Command>;
  /** How often progress events come. Default 1000. */
  readonly progressEveryMs?: Millis;
}
