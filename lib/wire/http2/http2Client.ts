import { type SchedulerLike, Subscription } from 'rxjs';
import type { Random } from '../../core/deps.js';
import { ConnectBackoff } from '../dial/connectBackoff.js';
import type { Origin } from '../dial/origin.js';
import { WaitingQueue } from '../waitingQueue.js';
import { Http2Connection, type Http2ConnectionOptions, type Http2ConnectionUser } from './http2Connection.js';
import type { StreamClient, StreamTaker } from './streamListener.js';

/** Options of clients. */
export interface Http2ClientOptions extends Http2ConnectionOptions {
  readonly random: Random;
  /** Most connections to one origin; 0 = as many as the streams need. */
  readonly connections: number;
  /** Closes a connection after each request. */
  readonly oneShot: boolean;
}

/** Streams of a connection that is opening, for which takers may wait. */
const ASSUMED_STREAMS = 100;

/** The connections to one origin, and the takers that wait for a stream on one of them. */
class OriginConnections implements Http2ConnectionUser {
  readonly #open: Http2Connection[] = [];
  readonly #opening = new Set<Http2Connection>();
  /** As many as there are instances at most: each waits for one stream at a time. */
  readonly #waiting = new WaitingQueue<StreamTaker>();
  readonly #backoff: ConnectBackoff;
  readonly #scheduler: SchedulerLike;
  /** The wait before the next connection, after some that failed. */
  #pause = Subscription.EMPTY;
  #closed = false;

  constructor(
    readonly origin: Origin,
    readonly options: Http2ClientOptions,
  ) {
    this.#backoff = new ConnectBackoff(options.random);
    this.#scheduler = options.scheduler;
  }

  acquire(taker: StreamTaker): void {
    const free = this.#waiting.size === 0 ? this.#free() : undefined;
    if (free !== undefined) {
      this.#give(free, taker);
      return;
    }
    this.#waiting.add(taker);
    this.#openMore();
  }

  leave(taker: StreamTaker): void {
    this.#waiting.remove(taker);
  }

  opened(connection: Http2Connection): void {
    this.#backoff.succeeded();
    this.#opening.delete(connection);
    this.#open.push(connection);
  }

  changed(connection: Http2Connection): void {
    if (!connection.usable) this.#remove(connection);
    this.#serve();
  }

  closed(connection: Http2Connection, error: unknown): void {
    this.#remove(connection);
    if (this.#opening.delete(connection)) this.#backoff.failed(this.#scheduler.now());
    if (error !== undefined) this.#failWaiting(connection, error);
    this.#serve();
  }

  close(): void {
    this.#closed = true;
    this.#pause.unsubscribe();
    this.#waiting.clear();
    for (const connection of [...this.#opening, ...this.#open]) connection.destroy();
  }

  #free(): Http2Connection | undefined {
    for (const connection of this.#open) if (connection.free > 0) return connection;
    return undefined;
  }

  #give(connection: Http2Connection, taker: StreamTaker): void {
    taker.acquired(connection);
    if (this.options.oneShot) connection.retire();
  }

  /** Gives free streams to those that wait, and opens connections for the others. */
  #serve(): void {
    while (this.#waiting.size > 0) {
      const free = this.#free();
      if (free === undefined) break;
      this.#give(free, this.#waiting.take() as StreamTaker);
    }
    if (this.#waiting.size > 0) this.#openMore();
  }

  /** Opens connections while those that are opening cannot carry all that wait, up to the limit. */
  #openMore(): void {
    const { connections, streams, oneShot } = this.options;
    const carries = oneShot ? 1 : streams > 0 ? Math.min(streams, ASSUMED_STREAMS) : ASSUMED_STREAMS;
    while (!this.#closed && this.#pause.closed && this.#opening.size * carries < this.#waiting.size) {
      if (connections > 0 && this.#open.length + this.#opening.size >= connections) return;
      const wait = this.#backoff.wait(this.#scheduler.now());
      if (wait > 0) {
        this.#pause = this.#scheduler.schedule(() => this.#openAfter(), wait);
        return;
      }
      this.#connect();
    }
  }

  #openAfter(): void {
    this.#pause = Subscription.EMPTY;
    if (this.#waiting.size > 0 && !this.#closed) this.#connect();
    this.#openMore();
  }

  #connect(): void {
    const connection = new Http2Connection(this.origin, this.options, this);
    this.#opening.add(connection);
    connection.open();
  }

  /** A connection could not be opened: those that it would have carried fail. */
  #failWaiting(connection: Http2Connection, error: unknown): void {
    const most = Math.min(this.options.oneShot ? 1 : connection.most, ASSUMED_STREAMS);
    // An earlier one may end the wait of a later one, and may begin to wait again.
    for (const taker of this.#waiting.first(most)) if (this.#waiting.remove(taker)) taker.unavailable(error);
  }

  #remove(connection: Http2Connection): void {
    const at = this.#open.indexOf(connection);
    if (at >= 0) this.#open.splice(at, 1);
  }
}

/** The HTTP/2 connections of one instance, or of the instances that share a client. */
export class Http2Client implements StreamClient {
  readonly #origins = new Map<Origin, OriginConnections>();

  constructor(readonly options: Http2ClientOptions) {}

  acquire(origin: Origin, taker: StreamTaker): void {
    let connections = this.#origins.get(origin);
    if (connections === undefined) {
      connections = new OriginConnections(origin, this.options);
      this.#origins.set(origin, connections);
    }
    connections.acquire(taker);
  }

  leave(origin: Origin, taker: StreamTaker): void {
    this.#origins.get(origin)?.leave(taker);
  }

  close(): void {
    for (const connections of this.#origins.values()) connections.close();
  }
}
