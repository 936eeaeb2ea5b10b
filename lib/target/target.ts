import type { TargetStats } from './targetStats.js';

/** A running target. */
export interface Target {
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** What has arrived so far; the same numbers as `GET /stats`. */
  stats(): TargetStats;
  /** Drops all connections and stops listening. Idempotent. */
  close(): Promise<void>;
}
