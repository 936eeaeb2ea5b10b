import type { SchedulerLike } from 'rxjs';

/** How the bundled target behaves. Everything has a default, so `startTarget()` is enough for a try. */
export interface TargetOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** TCP port; 0 picks a free one. Default 0. */
  readonly port?: number;
  /** Seed of `/fail` and `/jitter`: the same seed and the same requests give the same answers. Default 1. */
  readonly seed?: number;
  /** How many of the latest arrival times are kept for `/stats?arrivals=1`. Default 100,000 (8 bytes each). */
  readonly arrivals?: number;
  /** Time for delays and arrival times. Default: real time. */
  readonly scheduler?: SchedulerLike;
}
