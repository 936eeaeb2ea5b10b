import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import type { Fields } from '../../../spec/lib/guns/gunBench.js';
import { wiredGun } from '../../../spec/lib/guns/http/wiredGun.js';
import { fuzzer } from '../fuzzer.js';
import { anyCuts, cut, type ValidResponse, validResponses } from './responses.js';

const options = fc.record({
  redirect: fc.boolean(),
  httptrace: fc.record({ trace: fc.boolean(), dump: fc.boolean() }),
});

type Exchange = readonly [response: ValidResponse, cuts: readonly number[]];

/** Shoots once for each response, which comes in pieces, and returns the samples and the number of connections. */
function shootAll(exchanges: readonly Exchange[], chosen: Record<string, unknown>): { got: Fields[]; dialled: number } {
  const clock = new VirtualClock(1000);
  const { wire, bench } = wiredGun(chosen, clock);
  const got: Fields[] = [];
  for (const [{ bytes, framing }, cuts] of exchanges) {
    const { dialled } = wire;
    const before = got.length;
    bench.fire({}, (fields) => got.push(fields));
    if (wire.dialled > dialled) wire.events?.opened();
    wire.written?.();
    for (const piece of cut(bytes, cuts)) if (piece.length > 0) wire.events?.received(piece, piece.length);
    if (framing === 'close') wire.events?.finished();
    clock.advance(1);
    assert.equal(got.length, before + 1, 'one sample for each response');
  }
  for (const gun of bench.guns) gun.close?.();
  assert.equal(wire.destroyed, wire.dialled, 'nothing stays open');
  return { got, dialled: wire.dialled };
}

/** The gun, on connections that are kept or not, with responses that are cut in any way. */
export const exchangesOnValid = fuzzer({
  name: 'exchanges/valid',
  holds: 'valid responses give the same samples however they are cut, and connections are kept where they may be',
  runs: 200,
  input: fc.tuple(fc.array(fc.tuple(validResponses, anyCuts), { minLength: 1, maxLength: 5 }), options),
  check: ([exchanges, chosen]) => {
    const { got, dialled } = shootAll(exchanges, { ...chosen, redirect: false });
    const whole = shootAll(
      exchanges.map(([response]) => [response, []]),
      { ...chosen, redirect: false },
    );
    assert.deepEqual({ got, dialled }, whole);
    got.forEach(({ netCode, protoCode, bytesIn }, i) => {
      const [{ status, bytes }] = exchanges[i] as Exchange;
      assert.deepEqual([netCode, protoCode, bytesIn], [0, status, bytes.length]);
    });
    const closed = exchanges.slice(0, -1).filter(([{ framing }]) => framing === 'close').length;
    assert.equal(dialled, 1 + closed);
  },
});

const pieces = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 302 Found\r\nLocation: /x\r\n',
    'Content-Length: 3\r\n',
    '\r\n',
    'abc',
  ),
  fc.constantFrom(
    'Transfer-Encoding: chunked\r\n',
    '3\r\nabc\r\n',
    '0\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    ' \n',
  ),
  fc.string({ maxLength: 20 }),
);

/** The gun, on bytes of any kind. */
export const exchangesOnAnything = fuzzer({
  name: 'exchanges/bytes',
  holds: 'a shot gives at most one sample and leaves nothing open, whatever bytes come and however the connection ends',
  runs: 500,
  input: fc.tuple(fc.array(pieces, { maxLength: 12 }), fc.constantFrom('finished', 'failed', 'silent'), options),
  check: ([texts, end, chosen]) => {
    const clock = new VirtualClock(1000);
    const { wire, bench } = wiredGun({ ...chosen, 'response-header-timeout': '1s' }, clock);
    const got: Fields[] = [];
    const shot = bench.fire({}, (fields) => got.push(fields));
    wire.events?.opened();
    for (const text of texts) {
      if (got.length === 0) wire.events?.received(Buffer.from(text), Buffer.byteLength(text));
    }
    if (got.length === 0 && end === 'finished') wire.events?.finished();
    if (got.length === 0 && end === 'failed') wire.events?.failed(new Error('broken'));
    wire.written?.();
    clock.advance(10_000);
    shot.unsubscribe();
    assert.ok(got.length <= 1);
    for (const { started, responded, ended } of got) assert.ok(started <= responded && responded <= ended);
    for (const gun of bench.guns) gun.close?.();
    assert.ok(wire.destroyed > 0, 'nothing stays open');
  },
});
