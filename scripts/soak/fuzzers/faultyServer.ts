import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** What a server does with one request: so many bytes of the response, and then a fault. */
export interface Behaviour {
  /** `fine` sends the whole response; `late` a second one after it; the others happen at byte `at`. */
  readonly kind: 'fine' | 'late' | 'close' | 'reset' | 'stall' | 'garbage' | 'pause';
  readonly at: number;
  readonly keep: boolean;
  readonly chunked: boolean;
}

const BODY = 'hello';

function responseOf({ keep, chunked }: Behaviour): Buffer {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${BODY.length}`;
  const body = chunked ? `${BODY.length}\r\n${BODY}\r\n0\r\n\r\n` : BODY;
  return Buffer.from(`HTTP/1.1 200 OK\r\n${framing}\r\n${keep ? '' : 'Connection: close\r\n'}\r\n${body}`);
}

/** A server that behaves to its requests in turn, and counts. */
export class FaultyServer {
  /** Requests that came whole. */
  requests = 0;
  /** Responses that were sent whole, or that garbage may have made whole; late ones included. */
  responses = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(private readonly behaviours: readonly Behaviour[]) {
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received = '';
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        received = received.slice(end + 4);
        const behaviour = this.behaviours[this.requests % this.behaviours.length] as Behaviour;
        this.requests++;
        this.#respond(socket, behaviour);
      }
    });
  }

  #later(socket: Socket, what: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!socket.destroyed) what();
    }, 5);
    this.#timers.add(timer);
  }

  #respond(socket: Socket, behaviour: Behaviour): void {
    const bytes = responseOf(behaviour);
    const at = behaviour.at % bytes.length;
    const whole = (rest: Buffer): void => {
      this.responses++;
      socket.write(rest);
      if (!behaviour.keep) socket.end();
    };
    if (behaviour.kind === 'fine' || behaviour.kind === 'late') {
      whole(bytes);
      if (behaviour.kind === 'late' && behaviour.keep) this.#later(socket, () => whole(bytes));
      return;
    }
    socket.write(bytes.subarray(0, at));
    if (behaviour.kind === 'close') socket.end();
    if (behaviour.kind === 'reset') socket.resetAndDestroy();
    if (behaviour.kind === 'garbage') {
      // In a body of a known length it counts as the rest of it.
      this.responses++;
      socket.write('\0\xff\r\n\r\n');
    }
    if (behaviour.kind === 'pause') this.#later(socket, () => whole(bytes.subarray(at)));
  }
}
