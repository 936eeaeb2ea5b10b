import { connect } from 'node:net';

/** The result of a connection: all received bytes, and its end. */
export interface RawExchange {
  readonly received: string;
  readonly ended: 'closed' | 'reset';
}

/** Sends bytes over a new connection and waits until the other side ends it. */
export function rawExchange(port: number, text: string): Promise<RawExchange> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text));
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      received += piece;
    });
    socket.once('end', () => resolve({ received, ended: 'closed' }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve({ received, ended: 'reset' });
      else reject(error);
    });
  });
}
