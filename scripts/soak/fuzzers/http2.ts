import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  block,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  goaway,
  headers,
  settings,
  words,
} from '../../../spec/lib/wire/http2/peer.js';
import { POST, WiredClient } from '../../../spec/lib/wire/http2/wiredClient.js';
import { fuzzer } from '../fuzzer.js';
import { anyBytes, anyCuts, cut } from './responses.js';

/** What a client with three streams hears of bytes in pieces. */
function play(pieces: readonly Uint8Array[]): { heard: unknown[]; sent: string[]; destroyed: boolean } {
  const wired = new WiredClient();
  const recorders = [wired.send(), wired.send(POST, Buffer.alloc(100_000)), wired.send(POST, null, false)];
  wired.open();
  const { wire } = wired;
  for (const piece of pieces) if (!wire.destroyed) wire.receive(piece);
  if (!wire.destroyed) wire.events.finished();
  const heard = recorders.map(({ heard: events, body, stream }) => ({
    events: events.filter((event) => !event.startsWith('data')),
    // A body that a failure cuts ends where the piece ended.
    body: events.at(-1) === 'complete' ? body : '',
    waiting: stream?.waiting,
  }));
  for (const { events } of heard) {
    const ends = events.filter((event) => event === 'complete' || event.startsWith('failed'));
    assert.ok(ends.length === 1 && ends[0] === events.at(-1), `ends once: ${events.join(', ')}`);
  }
  return { heard, sent: wire.sent(), destroyed: wire.destroyed };
}

const ids = fc.constantFrom(0, 1, 3, 5, 7, 2, 2 ** 31 - 1);
const numbers = fc.oneof(fc.nat(100), fc.constantFrom(16_384, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1));
const fields = fc.dictionary(
  fc.oneof(fc.constantFrom(':status', 'content-length', 'connection', 'a'), fc.string({ maxLength: 5 })),
  fc.oneof(fc.constantFrom('200', '103', '204', '3'), fc.string({ maxLength: 5 })),
  { maxKeys: 4 },
);
const anyFrame = fc.oneof(
  fc.tuple(ids, fields, fc.nat(255)).map(([id, list, flags]) => frame('HEADERS', flags, id, block(latin(list)))),
  fc.tuple(ids, fields).map(([id, list]) => headers(id, latin(list), END_STREAM)),
  fc.tuple(ids, fc.string({ maxLength: 20 }), fc.nat(255)).map(([id, text, flags]) => data(id, text, flags)),
  fc.tuple(fc.nat(8), numbers).map(([id, value]) => settings({ [id]: value })),
  fc.tuple(ids, numbers).map(([id, value]) => frame('WINDOW_UPDATE', 0, id, words(value))),
  fc.tuple(ids, numbers).map(([id, value]) => frame('RST_STREAM', 0, id, words(value))),
  fc.tuple(ids, numbers).map(([id, value]) => goaway(id, value)),
  fc.tuple(ids, anyBytes).map(([id, bytes]) => frame('CONTINUATION', END_HEADERS, id, bytes.subarray(0, 16_384))),
  fc
    .tuple(fc.nat(12), fc.nat(255), ids, anyBytes)
    .map((parts) => frame(parts[0], parts[1], parts[2], parts[3].subarray(0, 16_384))),
  fc.constant(headers(1, { ':status': '200' })),
  fc.constant(headers(3, { ':status': '200' })),
);

/** Names and values of a character per byte. */
function latin(list: Record<string, string>): Record<string, string> {
  const byte = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  return Object.fromEntries(Object.entries(list).map(([name, value]) => [byte(name), byte(value)]));
}

/** Frames of any kind, in any order, cut in any way. */
export const http2OnFrames = fuzzer({
  name: 'http2/frames',
  holds: 'any frames end each stream once, with the same events and the same frames of ours however they are cut',
  runs: 400,
  input: fc.tuple(fc.array(anyFrame, { maxLength: 12 }), anyCuts),
  check: ([frames, cuts]) => {
    const bytes = Buffer.concat(frames);
    const pieces = play(cut(bytes, cuts));
    const whole = play([bytes]);
    assert.deepEqual(pieces.heard, whole.heard);
    assert.equal(pieces.destroyed, whole.destroyed);
  },
});

/** Bytes of any kind. */
export const http2OnAnything = fuzzer({
  name: 'http2/bytes',
  holds: 'any bytes end each stream once, and cause a bounded number of our frames',
  runs: 1000,
  input: fc.tuple(anyBytes, anyCuts),
  check: ([bytes, cuts]) => {
    const { sent } = play(cut(bytes, cuts));
    assert.ok(sent.length <= bytes.length + 10, `${sent.length} frames for ${bytes.length} bytes`);
  },
});
