// A closed loop of node:http2. Usage: node nodeHttp2Client.mjs URL CONNECTIONS STREAMS SECONDS. Prints requests per second.
import { connect } from 'node:http2';

const [url, connections, streams, seconds] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
let done = 0;
const sessions = Array.from({ length: Number(connections) }, () => {
  const session = connect(origin, { rejectUnauthorized: false });
  const next = () => {
    const stream = session.request({ ':path': pathname });
    stream.resume().once('end', () => {
      done++;
      next();
    });
    stream.on('error', () => undefined);
  };
  for (let i = 0; i < Number(streams); i++) next();
  return session;
});
setTimeout(() => {
  process.stdout.write(`${done / Number(seconds)}\n`);
  for (const session of sessions) session.destroy();
  process.exit(0);
}, Number(seconds) * 1000);
