import type { Subscription, Unsubscribable } from 'rxjs';
import type { EpochMs } from '../../core/units.js';
import type { Origin } from '../dial/origin.js';
import { Connection } from './connection.js';
import type { ConnectionOptions } from './connectionOptions.js';
import type { ExchangeListener } from './exchangeListener.js';

/** Waits for a connection: the one that it opens, or one that is given back meanwhile. */
export interface ConnectionTaker extends ExchangeListener {
  /** An open connection, instead of the one that is opening. Called at most once, and not after `opened` or `failed`. */
  handed(connection: Connection): void;
}

const ignore = (): void => undefined;

/** The most unused connections of a client. */
export interface IdleLimits {
  /** To all hosts together; 0 = no limit. Beyond it, the connection that has been unused for the longest is closed. */
  readonly total: number;
  /** To one host. Beyond it, the connection that has been unused for the longest is closed. */
  readonly perOrigin: number;
}

/**
 * The connections of one instance, or of the instances that share a client. The connection used last is used next. A
 * connection that is given back while others open to the same origin goes to the exchange that has waited longest;
 * the connection that this exchange waited for is then unused. The limits are applied after each turn of the event
 * loop: when many responses arrive in one turn, the following shots use their connections.
 */
export class HttpClient {
  readonly #idle = new Map<Origin, Connection[]>();
  /** Oldest first; only when there is a limit on all together. */
  readonly #byAge: Set<Connection> | undefined;
  readonly #lost = (connection: Connection): void => this.#forget(connection);
  /** Connections that are opening, oldest first, and the waiter of each. */
  #waiting: Map<Origin, Map<Connection, ConnectionTaker>> | undefined;
  /** Connections that are opening without a waiter. */
  #spare: Set<Connection> | undefined;
  #closed = false;
  #trimming: Subscription | undefined;

  constructor(
    readonly options: ConnectionOptions,
    readonly limits: IdleLimits,
  ) {
    if (limits.total > 0) this.#byAge = new Set();
  }

  /** An unused connection, if there is one. */
  take(origin: Origin): Connection | undefined {
    const connection = this.#idle.get(origin)?.pop();
    if (connection !== undefined) this.#byAge?.delete(connection);
    return connection;
  }

  /**
   * Opens a new connection. The taker is called when it is open, or with another one that is given back before that.
   *
   * @param onlyNew The taker needs this one, and gets no other.
   */
  open(origin: Origin, taker: ConnectionTaker, onlyNew: boolean): Connection {
    const connection = new Connection(origin, this.options, taker, this.#lost);
    if (onlyNew) return connection;
    this.#waiting ??= new Map();
    const waiting = this.#waiting.get(origin);
    if (waiting === undefined) this.#waiting.set(origin, new Map([[connection, taker]]));
    else waiting.set(connection, taker);
    return connection;
  }

  /**
   * Opens a connection that no exchange waits for, to be taken later. A failure is not counted, and leaves no connection.
   *
   * @param settled Called once, when it is open or has failed; not after `unsubscribe`, which closes it unless it is open.
   */
  openEarly(origin: Origin, settled: () => void): Unsubscribable {
    const listener = this.#spareListener(() => connection, settled);
    const connection = new Connection(origin, this.options, listener, this.#lost);
    connection.early = true;
    this.#spares.add(connection);
    return {
      unsubscribe: () => {
        if (this.#spare?.delete(connection) === true) connection.destroy();
      },
    };
  }

  /** Called when a connection is open, has failed, or is no longer needed. */
  settled(connection: Connection): void {
    const waiting = this.#waiting?.get(connection.origin);
    if (waiting?.delete(connection) !== true || waiting.size > 0) return;
    this.#waiting?.delete(connection.origin);
    // Most clients have one connection, and never wait again: thousands of them keep no empty map.
    if (this.#waiting?.size === 0) this.#waiting = undefined;
  }

  /** Takes back a connection that can carry another request. */
  give(connection: Connection, now: EpochMs): void {
    if (this.#waiting !== undefined && !this.#closed && this.#handOver(connection)) return;
    if (this.#closed) {
      connection.destroy();
      return;
    }
    const { total, perOrigin } = this.limits;
    const idle = this.#idle.get(connection.origin) ?? [];
    connection.rest(now);
    if (idle.push(connection) === 1) this.#idle.set(connection.origin, idle);
    this.#byAge?.add(connection);
    const over = idle.length > perOrigin || (this.#byAge !== undefined && this.#byAge.size > total);
    if (over) this.#trimming ??= this.options.scheduler.schedule(() => this.#trim());
  }

  /** Closes the connections over the limits, the longest unused first. */
  #trim(): void {
    this.#trimming = undefined;
    const { total, perOrigin } = this.limits;
    for (const idle of [...this.#idle.values()]) {
      for (const connection of idle.slice(0, Math.max(0, idle.length - perOrigin))) this.#close(connection);
    }
    const byAge = [...(this.#byAge ?? [])];
    for (const oldest of byAge.slice(0, Math.max(0, byAge.length - total))) this.#close(oldest);
  }

  #close(connection: Connection): void {
    connection.destroy();
    this.#forget(connection);
  }

  /** Closes the unused connections, and from now on every connection that is returned. */
  close(): void {
    this.#closed = true;
    this.#trimming?.unsubscribe();
    for (const idle of this.#idle.values()) for (const connection of idle) connection.destroy();
    for (const connection of this.#spare ?? []) connection.destroy();
    this.#idle.clear();
    this.#byAge?.clear();
    this.#spare = undefined;
  }

  /** Gives the connection to the first that waits for one to the same origin. */
  #handOver(connection: Connection): boolean {
    const [oldest] = this.#waiting?.get(connection.origin) ?? [];
    if (oldest === undefined) return false;
    const [opening, taker] = oldest;
    this.settled(opening);
    if (opening.leaveTo(this.#spareListener(() => opening))) this.#spares.add(opening);
    connection.kept = true;
    taker.handed(connection);
    return true;
  }

  get #spares(): Set<Connection> {
    this.#spare ??= new Set();
    return this.#spare;
  }

  #spareListener(opening: () => Connection, settled: () => void = ignore): ExchangeListener {
    const opened = (): Connection => {
      const connection = opening();
      this.#spare?.delete(connection);
      return connection;
    };
    return {
      opened: () => {
        this.give(opened(), this.options.scheduler.now());
        settled();
      },
      failed: () => {
        opened();
        settled();
      },
      written: ignore,
      firstBytes: ignore,
      responded: ignore,
      complete: ignore,
    };
  }

  #forget(connection: Connection): void {
    this.#byAge?.delete(connection);
    const idle = this.#idle.get(connection.origin) ?? [];
    const at = idle.lastIndexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    if (idle.length === 0) this.#idle.delete(connection.origin);
  }
}
