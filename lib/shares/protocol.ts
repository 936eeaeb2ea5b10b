import type { Command } from '../../operators/ticks/command.js';
import type { DocumentSource } from '../config/document.js';
import type { Overrides } from '../config/overrides.js';
import type { Share } from '../core/deps.js';
import type { PackedError } from '../core/packedError.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { PoolEvent } from '../engine/runEvent.js';
import type { Window } from '../measure/window.js';
import type { Link } from './link.js';

// The messages between a coordinator and a share. docs/SHARES.md describes the phases and the duties of each side.

/** Increased with every incompatible change of the messages. */
export const PROTOCOL_VERSION = 4;

/**
 * The origin of the config of a share: the same location as that of the coordinator, or a value that was made in code.
 */
export type ConfigOrigin = DocumentSource & {
  /** The working directory for its location and its modules. Default: that of the process. */
  readonly cwd?: string | undefined;
  /** The values that replace values of the config. */
  readonly overrides?: Overrides | undefined;
  /** True: a config from another machine may load modules of this one. Default false. */
  readonly allowPlugins?: boolean;
};

/** The task of a share. */
export interface ShareTask {
  readonly origin: ConfigOrigin;
  readonly share: Share;
  /** Seed of the random numbers of the whole run, the same for every share. */
  readonly seed: number;
  /** Default 1000. */
  readonly progressEveryMs?: Millis;
  /** Operations before this time are not its own: it takes over those of a lost share. Default: all are. */
  readonly from?: EpochMs;
  /** True when the coordinator may send `control` messages. */
  readonly controlled: boolean;
  /** Events, windows of conditions and lines of the log that may be sent before the coordinator has received them. */
  readonly credit: number;
}

/** The counters of a share about itself. */
export interface ShareCounters {
  /** Lines of the log that were dropped because the credit was used up. */
  readonly logsDropped: number;
  /** Progress events that were replaced by later ones while they waited for credit. */
  readonly progressReplaced: number;
  /** The longest time of a request to a sink of the coordinator, in milliseconds. */
  readonly longestSinkWaitMs: Millis;
}

/** The reason that a sink cannot be written. `packed` when it is an error of Elpis. */
export interface SinkFailure {
  readonly message: string;
  /** The code of Node, such as `ENOSPC`. */
  readonly code: string | undefined;
  readonly packed: PackedError | undefined;
}

/** From the coordinator to a share. */
export type ToShare =
  | { readonly type: 'task'; readonly version: number; readonly task: ShareTask }
  | { readonly type: 'start'; readonly at: EpochMs }
  | { readonly type: 'drain'; readonly limitMs: Millis }
  | { readonly type: 'control'; readonly pool: string; readonly command: Command; readonly at: EpochMs }
  /**
   * A condition of the pool holds: at this time the pool stops starting shots, and shots under way are recorded as
   * unfinished.
   */
  | { readonly type: 'stop'; readonly pool: string; readonly at: EpochMs }
  /** The number of events and lines of the log received since the last `received`. Their credit is free again. */
  | { readonly type: 'received'; readonly messages: number }
  /** The request to the sink has succeeded or failed; the next one may be sent. */
  | { readonly type: 'sink-ack'; readonly id: number; readonly failure?: SinkFailure | undefined };

/** From a share to the coordinator. */
export type FromShare =
  | { readonly type: 'joined'; readonly version: number }
  /** The pool has warmed up. The share is ready when none is missing. `pool` is undefined for a config without pools. */
  | { readonly type: 'ready'; readonly pool: string | undefined; readonly missing: readonly string[] }
  /**
   * Sent once a second, so that a blocked share can be distinguished from one without events. `cpu`: the processors that its thread
   * or process used since the last one.
   */
  | { readonly type: 'alive'; readonly cpu?: number }
  | { readonly type: 'event'; readonly event: PoolEvent }
  /** A window of a condition of the pool, by its position among the operators of the samples; undefined: there are no more. */
  | {
      readonly type: 'condition';
      readonly pool: string;
      readonly position: number;
      readonly window: Window | undefined;
    }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Record<string, unknown>;
    }
  /** Requests to sinks: one at a time for each sink. */
  | { readonly type: 'sink-open'; readonly id: number; readonly name: string; readonly config: unknown }
  | { readonly type: 'sink-write'; readonly id: number; readonly chunk: Uint8Array }
  | { readonly type: 'sink-end'; readonly id: number }
  /** An uncaught failure: recorded samples are flushed, then `finished` or `failed` follows. */
  | { readonly type: 'failing'; readonly error: PackedError }
  | { readonly type: 'failed'; readonly error: PackedError; readonly counters: ShareCounters }
  | { readonly type: 'finished'; readonly counters: ShareCounters };

/** The coordinator's end. */
export type ShareLink = Link<FromShare, ToShare>;

/** The share's end. */
export type CoordinatorLink = Link<ToShare, FromShare>;
