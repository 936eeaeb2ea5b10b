import type { EpochMs, Millis } from '../core/units.js';

/** An exchange with the target that was bad or failed and is kept as an example. Secrets are redacted. */
export interface KeptExchange {
  readonly tag: string;
  /** Why it was bad or failed, such as `status 503` or `timeout`. */
  readonly reason: string;
  /** When it was started. */
  readonly startedAt: EpochMs;
  readonly serviceMs: Millis;
  /** The request as a command of curl, or of grpcurl for gRPC; absent when that cannot send it. */
  readonly curl?: string;
  /** The request and the response as text, cut at a limit; the response is `null` when there was none. */
  readonly request: string;
  readonly response: string | null;
}
