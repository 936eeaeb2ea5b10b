import type * as http from 'node:http';
import type * as https from 'node:https';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionEnd, ConnectionWatch } from '../../core/connections.js';
import type { Bytes } from '../../core/units.js';
import { whenEnded } from '../../wire/dial/whenEnded.js';

/** Loaded with the first gun, because most runs have none of these. */
const load = createRequire(import.meta.url);

type Connect = (options: object, opened?: (error: Error | null, socket: Duplex) => void) => Duplex | null | undefined;
type Connecting = { createConnection: Connect };

/** The part of an agent that keeps connections; the types of Node leave out what `keepSocketAlive` returns. */
interface Keeping {
  keepSocketAlive(socket: Duplex): unknown;
  reuseSocket(socket: Duplex, request: http.ClientRequest): void;
}

/** The agents of one instance, one per scheme. They count the bytes of their sockets and keep the last error. */
export class MeteredAgents {
  /** The last error of a socket; the reader clears it. */
  socketError: Error | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #plain: http.Agent;
  readonly #tls: https.Agent;
  /** The sockets that the gun closes. */
  readonly #ours = new WeakSet<Socket>();
  readonly #keeps: boolean;
  #closedIn = 0;
  #closedOut = 0;

  /**
   * @param onStray Called when bytes come on an unused connection, which is then closed.
   * @param connections Counts the connections. Default: they are not counted.
   */
  constructor(
    options: https.AgentOptions & { readonly keepAlive: boolean },
    private readonly onStray: () => void,
    private readonly connections?: ConnectionWatch | undefined,
  ) {
    this.#keeps = options.keepAlive;
    this.#plain = this.#metered(new (load('node:http') as typeof http).Agent(options));
    this.#tls = this.#metered(new (load('node:https') as typeof https).Agent(options));
  }

  /** The agent for a URL, called by node-fetch. */
  readonly choose = (url: URL): http.Agent => (url.protocol === 'https:' ? this.#tls : this.#plain);

  /** Bytes received so far. */
  get bytesIn(): Bytes {
    let sum = this.#closedIn;
    for (const socket of this.#sockets) sum += socket.bytesRead;
    return sum;
  }

  /** Bytes sent so far. */
  get bytesOut(): Bytes {
    let sum = this.#closedOut;
    for (const socket of this.#sockets) sum += socket.bytesWritten;
    return sum;
  }

  /** Closes every connection; new ones can still be opened. */
  close(): void {
    for (const socket of this.#sockets) this.#ours.add(socket);
    this.#plain.destroy();
    this.#tls.destroy();
  }

  #metered<A extends http.Agent>(agent: A): A {
    const connecting = agent as Connecting;
    const connect = connecting.createConnection;
    connecting.createConnection = (options, opened) => {
      const socket = connect.call(agent, options, opened);
      if (socket !== null && socket !== undefined) {
        this.#watch(socket as Socket);
        if (this.connections !== undefined) this.#count(socket as Socket);
      }
      return socket;
    };
    this.#guardIdle(agent);
    return agent;
  }

  /** Node drops bytes that come on an unused connection, and keeps it. They show that the server is out of step. */
  #guardIdle(agent: Keeping): void {
    const [keep, reuse] = [agent.keepSocketAlive, agent.reuseSocket];
    const guards = new WeakMap<Duplex, () => void>();
    agent.keepSocketAlive = (socket) => {
      const stray = (): void => {
        socket.off('data', stray);
        this.onStray();
        this.#ours.add(socket as Socket);
        socket.destroy();
      };
      guards.set(socket, stray);
      socket.on('data', stray);
      return keep.call(agent, socket);
    };
    agent.reuseSocket = (socket, request) => {
      const stray = guards.get(socket);
      if (stray !== undefined) socket.off('data', stray);
      this.connections?.reused();
      reuse.call(agent, socket, request);
    };
  }

  #count(socket: Socket): void {
    let open = false;
    let by: ConnectionEnd = 'target';
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
      open = true;
      this.connections?.opened();
    });
    socket.once('error', ({ name }: Error) => {
      by = name === 'AbortError' ? 'generator' : 'broken';
    });
    socket.once('close', () => {
      if (!open) this.connections?.failed();
      else this.connections?.closed(this.#keeps && !this.#ours.has(socket) ? by : 'generator');
    });
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    whenEnded(socket, (reset) => {
      this.socketError ??= reset;
    });
    socket.on('error', (error: Error) => {
      this.socketError = error;
    });
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#closedIn += socket.bytesRead;
      this.#closedOut += socket.bytesWritten;
    });
  }
}
