import type { Socket } from 'node:net';

/**
 * Calls `ended` when the peer closes the connection, before the listeners of `end`, once.
 *
 * Node reports a reset as an orderly end when it arrives together with bytes: it then reads the bytes and not the error behind them. A body
 * that a reset cut would count as complete. The operating system still has the error, and returns it for a write, also of no byte.
 * Sockets of TLS do not pass on such a write, so there the reset stays an end.
 *
 * @param ended Gets the error when the connection was reset. Called later than the event, unless bytes are waiting to be sent.
 */
export function whenEnded(socket: Socket, ended: (reset: Error | undefined) => void): void {
  // Before the listener of Node, which forbids writes.
  socket.prependOnceListener('end', () => {
    if (!socket.writable || socket.writableLength > 0) return ended(undefined);
    socket.write('', (error) =>
      ended((Object(error) as { code?: string }).code === 'ECONNRESET' ? (error as Error) : undefined),
    );
  });
}
