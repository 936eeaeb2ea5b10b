import type { EpochMs } from '../../core/units.js';
import { Connection, type ConnectionOptions, type ExchangeListener } from './connection.js';
import type { Origin } from './origin.js';

/** How many unused connections a client keeps. */
export interface IdleLimits {
  /** To all hosts together; 0 = no limit. Beyond it, the connection that has been unused for the longest is closed. */
  readonly total: number;
  /** To one host. Beyond it a connection is closed after its request. */
  readonly perOrigin: number;
}

/** The connections of one instance, or of the instances that share a client. The one used last is used next. */
export class HttpClient {
  readonly #idle = new Map<Origin, Connection[]>();
  /** Oldest first; kept only when there is a limit on all together. */
  readonly #byAge = new Set<Connection>();
  readonly #lost = (connection: Connection): void => this.#forget(connection);
  #closed = false;

  constructor(
    readonly options: ConnectionOptions,
    readonly limits: IdleLimits,
  ) {}

  /** An unused connection, if there is one. */
  take(origin: Origin): Connection | undefined {
    const connection = this.#idle.get(origin)?.pop();
    if (connection !== undefined && this.limits.total > 0) this.#byAge.delete(connection);
    return connection;
  }

  /** Opens a new connection; the listener is called when it is open. */
  open(origin: Origin, listener: ExchangeListener): Connection {
    return new Connection(origin, this.options, listener, this.#lost);
  }

  /** Takes back a connection that can carry another request. */
  give(connection: Connection, now: EpochMs): void {
    const { total, perOrigin } = this.limits;
    const idle = this.#idle.get(connection.origin) ?? [];
    if (this.#closed || idle.length >= perOrigin) {
      connection.destroy();
      return;
    }
    connection.rest(now);
    if (idle.push(connection) === 1) this.#idle.set(connection.origin, idle);
    if (total === 0) return;
    this.#byAge.add(connection);
    if (this.#byAge.size <= total) return;
    for (const oldest of this.#byAge) {
      oldest.destroy();
      this.#forget(oldest);
      return;
    }
  }

  /** Closes the unused connections, and from now on every connection that is returned. */
  close(): void {
    this.#closed = true;
    for (const idle of this.#idle.values()) for (const connection of idle) connection.destroy();
    this.#idle.clear();
    this.#byAge.clear();
  }

  #forget(connection: Connection): void {
    this.#byAge.delete(connection);
    const idle = this.#idle.get(connection.origin) ?? [];
    const at = idle.lastIndexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    if (idle.length === 0) this.#idle.delete(connection.origin);
  }
}
