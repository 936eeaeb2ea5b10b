// A server that keeps the moment of every request. Started by startRecorder.ts; controlled by messages.
import { createServer } from 'node:net';

const LIMIT = 4_000_000;
const arrivals = new Float64Array(LIMIT);
let count = 0;

const END = '\r\n\r\n';
const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok');

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.on('data', (chunk) => {
    // Milliseconds of the monotonic clock, which all processes of a machine share.
    const now = Number(process.hrtime.bigint()) / 1e6;
    let text = rest === '' ? chunk.toString('latin1') : rest + chunk.toString('latin1');
    let pending = 0;
    for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END)) {
      text = text.slice(end + END.length);
      if (count < LIMIT) arrivals[count++] = now;
      pending++;
    }
    rest = text;
    if (pending === 1) socket.write(RESPONSE);
    else if (pending > 1) socket.write(Buffer.concat(Array.from({ length: pending }, () => RESPONSE)));
  });
  socket.on('error', () => socket.destroy());
});

process.on('message', (message) => {
  if (message === 'clear') count = 0;
  process.send?.({ arrivals: message === 'clear' ? [] : Array.from(arrivals.subarray(0, count)) });
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', 4096, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
