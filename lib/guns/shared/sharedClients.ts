/** A client of connections, such as that of HTTP/1.1 or HTTP/2. */
export interface Closable {
  close(): void;
}

/** A client, and the function that its user calls when it is no longer needed. */
export interface ClientLease<C> {
  readonly client: C;
  readonly close: () => void;
}

/** The option `shared-client`. */
interface SharedClientOptions {
  readonly enabled: boolean;
  /** Less than 1 means 1. */
  readonly clientNumber: number;
}

/** The clients of a pool: one per user or, with `shared-client`, a fixed number that the users share in turn. */
export class SharedClients<C extends Closable> {
  readonly #options: SharedClientOptions;
  readonly #create: () => C;
  readonly #shared: C[] = [];
  /** Clients that are made and not yet leased. */
  readonly #ahead: C[] = [];
  #leases = 0;

  constructor(options: SharedClientOptions, create: () => C) {
    this.#options = options;
    this.#create = create;
  }

  /** Returns a new client, or the next one of the shared clients, which the user does not close. */
  lease(): ClientLease<C> {
    const { enabled, clientNumber } = this.#options;
    if (!enabled) {
      const client = this.#ahead.shift() ?? this.#create();
      return { client, close: () => client.close() };
    }
    const index = this.#leases++ % Math.max(1, clientNumber);
    const client = this.#shared[index] ?? this.#create();
    this.#shared[index] = client;
    return { client, close: () => undefined };
  }

  /** Makes the clients of the next leases. There are none with `shared-client`. */
  makeAhead(count: number): readonly C[] {
    if (this.#options.enabled) return [];
    const made = Array.from({ length: count }, () => this.#create());
    this.#ahead.push(...made);
    return made;
  }

  /** Closes the shared clients, and those that were never leased. */
  close(): void {
    for (const client of [...this.#shared, ...this.#ahead]) client.close();
  }
}
