import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';

/** A small proxy for specs: every tunnel leads to one port of this machine. It records the heads that it received. */
export class TunnelProxy {
  readonly heads: string[] = [];
  readonly sockets = new Set<net.Socket>();
  readonly #server: net.Server;

  /**
   * @param to The port that all tunnels lead to.
   * @param secure Certificate of the proxy, which then speaks TLS.
   */
  constructor(to: number, secure?: tls.TlsOptions) {
    const serve = (socket: net.Socket): void => {
      this.#keep(socket);
      let head = '';
      const read = (bytes: Buffer): void => {
        head += bytes.toString('latin1');
        if (!head.endsWith('\r\n\r\n')) return;
        socket.off('data', read);
        this.heads.push(head);
        const onward = net.connect(to, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\nVia: spec\r\n\r\n');
          socket.pipe(onward);
          onward.pipe(socket);
        });
        this.#keep(onward);
      };
      socket.on('data', read);
    };
    this.#server = secure === undefined ? net.createServer(serve) : tls.createServer(secure, serve);
    this.#server.on('connection', (socket: net.Socket) => this.#keep(socket));
    this.#server.on('tlsClientError', () => undefined);
  }

  #keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
  }

  /** The hosts of the tunnels, in order. */
  get authorities(): string[] {
    return this.heads.map((head) => head.split(' ')[1] ?? '');
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
