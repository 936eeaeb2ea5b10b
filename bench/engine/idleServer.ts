// A server that responds after a fixed time, for any number of requests. Started by the row of idleInstances; prints
// its ports as JSON. Usage: idleServer.ts PORTS MILLISECONDS. A path that begins with /n (now) gets its response at
// once.
import { createServer, type Socket } from 'node:net';

const [, , listeners = '1', delay = '10000'] = process.argv;
const delayMs = Number(delay);
const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const AT_ONCE = 'n'.charCodeAt(0);
const PATH_AT = 'GET /'.length;

/** All requests wait equally long, so they are responded to in their order: one queue, no timers. */
const LIMIT = 1 << 17;
const sockets: (Socket | undefined)[] = new Array(LIMIT);
const due = new Float64Array(LIMIT);
let head = 0;
let tail = 0;

setInterval(() => {
  const now = performance.now();
  for (; head !== tail && (due[head] as number) <= now; head = (head + 1) % LIMIT) {
    sockets[head]?.write(RESPONSE);
    sockets[head] = undefined;
  }
}, 1);

function listen(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes: Buffer) => {
      if (bytes[PATH_AT] === AT_ONCE) {
        socket.write(RESPONSE);
        return;
      }
      sockets[tail] = socket;
      due[tail] = performance.now() + delayMs;
      tail = (tail + 1) % LIMIT;
    });
    socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', 4096, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

process.on('disconnect', () => process.exit());
process.send?.({ ports: await Promise.all(Array.from({ length: Number(listeners) }, listen)) });
