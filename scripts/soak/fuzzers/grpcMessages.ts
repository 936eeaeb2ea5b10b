import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { grpcHead, head, readCall } from '../../../spec/lib/wire/grpc/readCall.js';
import { fuzzer } from '../fuzzer.js';
import { anyCuts, cut } from './responses.js';

const HEAD = 5;
const LIMIT = 1000;
const GZIP = { response: grpcHead({ 'grpc-encoding': 'gzip' }), maxMessage: LIMIT };

function framed(content: Uint8Array, packed: boolean): Buffer {
  const bytes = packed ? gzipSync(content) : content;
  const start = Buffer.alloc(HEAD);
  start[0] = packed ? 1 : 0;
  start.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([start, bytes]);
}

const messages = fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.boolean()), { maxLength: 6 });

/** Valid messages, packed or not, cut in any way. */
export const grpcMessagesOnValid = fuzzer({
  name: 'grpc/messages',
  holds: 'the messages of a gRPC response are the same however the bytes are cut, kept or not',
  runs: 400,
  input: fc.tuple(messages, anyCuts),
  check: ([sent, cuts]) => {
    const bytes = Buffer.concat(sent.map(([content, packed]) => framed(content, packed)));
    const hex = sent.map(([content]) => Buffer.from(content).toString('hex'));
    const trailers = head({ 'grpc-status': '0' });
    const expected = { messages: hex, cancelled: false, end: 'status 0' };
    assert.deepEqual(readCall(cut(bytes, cuts), trailers, GZIP), expected);
    const counted = readCall(cut(bytes, cuts), trailers, { ...GZIP, keeps: false });
    assert.deepEqual(counted, { ...expected, messages: hex.map(() => '') });
  },
});

/** Bytes of any kind after a valid head: mostly short lengths, so that messages do end. */
const anything = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(Uint8Array.of(0, 0, 0, 0, 3), Uint8Array.of(1, 0, 0, 0, 2)),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => Buffer.concat(parts));

/** Bytes of any kind, cut in any way. */
export const grpcMessagesOnAnything = fuzzer({
  name: 'grpc/bytes',
  holds: 'any bytes end a gRPC call once, the same however they are cut, and no message is over the limit',
  runs: 1000,
  input: fc.tuple(anything, anyCuts, fc.boolean(), fc.constantFrom('0', '5', 'x', '')),
  check: ([bytes, cuts, gzip, status]) => {
    const options = gzip ? GZIP : { maxMessage: LIMIT };
    const trailers = status === '' ? null : head({ 'grpc-status': status });
    const once = readCall([bytes], trailers, options);
    assert.deepEqual(readCall(cut(bytes, cuts), trailers, options), once);
    for (const message of once.messages) assert.ok(message.length <= 2 * LIMIT);
  },
});
