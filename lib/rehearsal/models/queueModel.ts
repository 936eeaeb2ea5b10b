import { ElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { Ring } from '../../pull/ring.js';
import { constantLatency } from './latencies.js';
import { type ModelResponse, REFUSED_AFTER_MS, type TargetModel } from './targetModel.js';

/** The moments at which k servers will be free: a binary heap with the earliest first. */
class ServerHeap {
  readonly #freeAt: Float64Array;

  constructor(servers: number) {
    this.#freeAt = new Float64Array(servers);
  }

  /** When the first server is free. */
  get earliest(): EpochMs {
    return this.#freeAt[0] as number;
  }

  /** Keeps the first free server busy until then. */
  occupy(until: EpochMs): void {
    const heap = this.#freeAt;
    const size = heap.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= until) break;
      heap[hole] = heap[child] as number;
      hole = child;
    }
    heap[hole] = until;
  }
}

/** Options of {@link queueModel}. */
export interface QueueOptions {
  /** How many requests are served at once. */
  readonly servers: number;
  /** The service time of one request: milliseconds, or a model to draw it from. */
  readonly service: Millis | TargetModel;
  /** The largest number of requests that wait for a server. Default 1000. */
  readonly limit?: number;
  /** The result of one more request: a status at once, or a refused connection. Default 503. */
  readonly full?: number | 'refuse';
}

function reject(response: ModelResponse, full: number | 'refuse'): void {
  response.afterMs += REFUSED_AFTER_MS;
  response.status = full === 'refuse' ? 0 : full;
  if (full !== 'refuse') return;
  response.netCode = NET_FAILURE.refused.netCode;
  response.errorName = NET_FAILURE.refused.errorName;
}

function checked({ servers, limit = 1000, full = 503 }: QueueOptions): void {
  const refuse = (problem: string): never => {
    throw new ElpisError('ELPIS_USAGE', `queue: ${problem}`);
  };
  if (!(Number.isSafeInteger(servers) && servers > 0)) refuse(`servers is ${servers}, expected a whole number above 0`);
  if (!(Number.isSafeInteger(limit) && limit >= 0)) refuse(`limit is ${limit}, expected a whole number of at least 0`);
  if (full !== 'refuse' && !(full >= 100 && full <= 599)) refuse(`full is ${full}, expected a status or 'refuse'`);
}

/**
 * A target of k servers and one queue, first come first served (M/G/k when arrivals are random): latency is flat up to a
 * knee at `servers / service` requests per second, then the queue fills and requests are rejected.
 *
 * Formula: request i starts at `S = max(A, min over servers of their free times)` and leaves at `S + service`; it is rejected
 * when `limit` others wait. Source: J. Kiefer, J. Wolfowitz, On the Theory of Queues With Many Servers (1955).
 *
 * @example
 * const target = queueModel({ servers: 8, service: exponentialLatency(5), limit: 100 });
 */
export function queueModel(options: QueueOptions): TargetModel {
  checked(options);
  const { servers, limit = 1000, full = 503 } = options;
  const service = typeof options.service === 'number' ? constantLatency(options.service) : options.service;
  return {
    name: `queue(servers=${servers}, service=${service.name}, limit=${limit}, full=${full})`,
    start: (start) => {
      const serve = service.start(start);
      const heap = new ServerHeap(servers);
      const starts = new Ring<EpochMs>();
      let first: EpochMs | undefined;
      return (response, now, tag) => {
        if (response.netCode !== 0) return;
        first ??= starts.shift();
        while (first !== undefined && first <= now) first = starts.shift();
        const before = response.afterMs;
        const begins = Math.max(now, heap.earliest);
        const waiting = starts.length + (first === undefined ? 0 : 1);
        if (begins > now && waiting >= limit) {
          reject(response, full);
          return;
        }
        serve(response, now, tag);
        heap.occupy(begins + (response.afterMs - before));
        response.afterMs += begins - now;
        if (begins > now) starts.push(begins);
      };
    },
  };
}
