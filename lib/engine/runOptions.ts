import type { Observable, SchedulerLike } from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import type { Log } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { LoopWatch } from '../measure/loopWatch.js';
import type { WindowsObserver } from './conditions.js';

/** Options of {@link runPools}. */
export interface RunOptions {
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  /**
   * Drains the run: at each value no new shot starts, and shots under way may take that many milliseconds more.
   * A later value replaces the limit; 0 ends at once. Recorded samples are always flushed.
   */
  readonly drain?: Observable<Millis>;
  /** Awaited when a pool has warmed up, before its first shot: a common start for several threads. Default: no wait. */
  readonly barrier?: (pool: string) => Observable<unknown>;
  /**
   * Commands to a pool while it runs: pause, resume, another rate or speed, an end. Called once per pool; its result
   * is subscribed to from the warm-up of the pool on. Default: no commands.
   */
  readonly control?: (pool: string) => Observable<Command>;
  /** Drains one pool, as `drain` does all. Called once per pool. Default: never. */
  readonly poolDrain?: (pool: string) => Observable<Millis>;
  /**
   * Receives the windows of a condition of a pool (see `stopWhen`) by its position among the pool's operators of
   * samples; they are then judged elsewhere, for example merged with those of other threads. Default: each condition
   * judges the samples of this pool.
   */
  readonly conditions?: (pool: string, position: number) => WindowsObserver;
  /** Milliseconds between two progress events, and the length of windows. Default 1000. */
  readonly progressEveryMs?: Millis;
  /** Measures the event loop. Default: one for all pools in real time, none on another clock. */
  readonly loop?: LoopWatch;
  /** Receives warnings about shots without progress or without a sample, about windows, and errors after an unsubscribe. Default: none. */
  readonly log?: Log;
}
