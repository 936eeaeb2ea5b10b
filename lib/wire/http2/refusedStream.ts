import type { SchedulerLike, Subscription } from 'rxjs';
import type { Bytes } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';
import type { EncodedHead } from './encodedHead.js';
import type { Stream, StreamListener } from './streamListener.js';

/** Why a header list is not sent: the peer takes shorter ones only. */
export function headTooLarge({ size }: EncodedHead, most: Bytes): ExchangeError {
  const text = `the header list has ${size} bytes, and the server takes ${most} (SETTINGS_MAX_HEADER_LIST_SIZE)`;
  return new ExchangeError(NET_FAILURE.headTooLarge, text);
}

/** A request that is not sent. Its listener fails in the next turn of the event loop. */
export class RefusedStream implements Stream {
  readonly waiting: Bytes = 0;
  readonly bytesOut: Bytes = 0;
  readonly bytesIn: Bytes = 0;
  readonly #failing: Subscription;

  constructor(scheduler: SchedulerLike, listener: StreamListener, error: ExchangeError) {
    this.#failing = scheduler.schedule(() => listener.failed(error));
  }

  write(): void {
    // Nothing is sent.
  }

  finish(): void {
    // Nothing is sent.
  }

  cancel(): void {
    this.#failing.unsubscribe();
  }
}
