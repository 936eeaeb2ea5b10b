// node grpcJsClient.mjs PORT CONCURRENCY SECONDS: a closed loop of unary calls by grpc-js over one connection. Prints calls per second.
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';

const [port, concurrency, seconds] = process.argv.slice(2).map(Number);
const NAME = Buffer.from('0123456789');
const bytes = (value) => value;
const SayHello = {
  path: '/helloworld.Greeter/SayHello',
  requestStream: false,
  responseStream: false,
  requestSerialize: (name) => Buffer.concat([Buffer.of(0x0a, name.length), name]),
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
};
const Greeter = makeGenericClientConstructor({ SayHello }, 'Greeter');
const client = new Greeter(`127.0.0.1:${port}`, credentials.createInsecure());
const start = performance.now();
let calls = 0;
let open = concurrency;
const next = (error) => {
  if (error) throw error;
  calls++;
  if (performance.now() - start < seconds * 1000) client.SayHello(NAME, next);
  else if (--open === 0) {
    console.log(calls / ((performance.now() - start) / 1000));
    client.close();
  }
};
for (let i = 0; i < concurrency; i++) client.SayHello(NAME, next);
