import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { StatsRecorder } from './stats.js';

/**
 * A proxy in front of a target. Every tunnel that `CONNECT` opens leads to the target itself, whatever host it names, so the hosts
 * of the ammo need not exist, and the proxy gives no access to other machines. Plain requests are responded to by the target, too.
 */
export function createProxy(target: Server, recorder: StatsRecorder): Server {
  const proxy = createServer((request, response) => target.emit('request', request, response));
  proxy.keepAliveTimeout = 0;
  proxy.headersTimeout = 0;
  proxy.requestTimeout = 0;
  proxy.on('connect', ({ url = '' }, socket: Duplex, first: Buffer) => {
    recorder.tunnelled(url);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (first.length > 0) socket.unshift(first);
    target.emit('connection', socket);
  });
  return proxy;
}
