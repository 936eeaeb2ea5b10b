import type { SchedulerLike } from 'rxjs';
import type { DataSink } from '../core/data.js';
import type { Log } from '../core/deps.js';
import type { Bytes, Millis } from '../core/units.js';

/** Where and how samples are written, for every format that goes to a sink. */
export interface SinkOptions {
  readonly sink: DataSink;
  /** A sample waits at most this long before it is handed to the sink; less than 1 means 1. Default 1000. */
  readonly flushMs?: Millis;
  /** Size of the buffer that gathers lines, kept between 4 KiB and 64 KiB. Default 64 KiB. */
  readonly bufferSize?: Bytes;
  /** Most samples held while the sink is slower than they come; further ones are dropped and fail the run. */
  readonly sampleQueueSize?: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  readonly log?: Log;
}
