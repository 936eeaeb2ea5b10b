import type { PackedError } from '../core/packedError.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { PoolEvent } from '../engine/runEvent.js';

/** Where a thread reads its config: the same place as the thread that started it, or a value that was made in code. */
export type ConfigOrigin =
  | { readonly location: string | undefined; readonly stdinText: string | undefined }
  | {
      readonly value: unknown;
      /** Its `${...}` references stand for nothing else, and it names no modules. */
      readonly asWritten?: boolean;
    };

/** What a thread is told at its birth. */
export interface ThreadTask {
  readonly origin: ConfigOrigin;
  readonly index: number;
  readonly of: number;
  /** Of the run's random numbers; every thread derives its own. Default: by the time. */
  readonly seed?: number;
  /** Default 1000. */
  readonly progressEveryMs?: Millis;
}

/** From a thread to the one that coordinates. */
export type ThreadReport =
  | { readonly type: 'warm' }
  | { readonly type: 'event'; readonly event: PoolEvent }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Record<string, unknown>;
    }
  | { readonly type: 'sink-open'; readonly id: number; readonly name: string; readonly config: unknown }
  | { readonly type: 'sink-write'; readonly id: number; readonly chunk: Uint8Array }
  | { readonly type: 'sink-end'; readonly id: number }
  /** A failure outside any call: what was recorded is flushed, then `done` or `failed` follows. */
  | { readonly type: 'failing'; readonly error: PackedError }
  | { readonly type: 'failed'; readonly error: PackedError }
  | { readonly type: 'done' };

/** From the coordinator to a thread. */
export type ThreadOrder =
  | { readonly type: 'go'; readonly startAt: EpochMs }
  | { readonly type: 'drain'; readonly limitMs: Millis }
  | { readonly type: 'sink-ack'; readonly id: number; readonly error: string | undefined };
