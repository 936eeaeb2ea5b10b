import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeCallHead, framedMessage, metadataFields, timeoutText } from '../../../../lib/wire/grpc/callHead.js';
import { protoCodeOf, statusName, statusOfHttp, statusOfReset } from '../../../../lib/wire/grpc/grpcStatus.js';
import { decodeMessage } from '../../../../lib/wire/grpc/responseHead.js';
import { HeaderDecoder } from '../../../../lib/wire/http2/hpack/headerDecoder.js';
import { grpcMessagesOnAnything, grpcMessagesOnValid } from '../../../../scripts/soak/fuzzers/grpcMessages.js';
import { grpcHead, head, readCall } from './readCall.js';

describe('GrpcListener', () => {
  it(grpcMessagesOnValid.holds, () => grpcMessagesOnValid.assert(200));
  it(grpcMessagesOnAnything.holds, () => grpcMessagesOnAnything.assert(500));

  const limit = 10;
  const sized = (length: number): Buffer => Buffer.from(framedMessage(Buffer.alloc(length), 'none'));

  it('takes a message of the limit, and refuses a byte more before it arrives', () => {
    assert.equal(readCall([sized(limit)], undefined, { maxMessage: limit }).end, 'status 0');
    const refused = readCall([sized(limit + 1).subarray(0, 5)], undefined, { maxMessage: limit });
    assert.deepEqual(refused, { messages: [], cancelled: true, end: 'grpc message too large' });
  });

  it('has the same limit for what a message unpacks to', () => {
    const response = grpcHead({ 'grpc-encoding': 'gzip' });
    const packed = Buffer.from(framedMessage(Buffer.alloc(5000), 'gzip'));
    assert.equal(readCall([packed], undefined, { response, maxMessage: 5000 }).end, 'status 0');
    assert.equal(readCall([packed], undefined, { response, maxMessage: 4999 }).end, 'grpc message too large');
    assert.ok(packed.length < 100);
    assert.equal(readCall([packed], undefined, { response, maxMessage: Number.POSITIVE_INFINITY }).end, 'status 0');
    const broken = Buffer.from(framedMessage(Buffer.from('not gzip'), 'none'));
    broken[0] = 1;
    assert.equal(readCall([broken], undefined, { response }).end, 'grpc bad compression');
    assert.ok(gzipSync('').length > 0);
  });

  it('prefers the status of the trailers, and takes that of the head only without a body', () => {
    const response = grpcHead({ 'grpc-status': '3', 'grpc-message': 'a%20b' });
    assert.equal(readCall([], null, { response }).end, 'status 3 a b');
    assert.equal(readCall([], head({ 'grpc-status': '4' }), { response }).end, 'status 4');
    assert.equal(readCall([sized(1)], null, { response }).end, 'grpc no trailers');
  });

  it('reports a status of the server although the last message is cut off', () => {
    assert.equal(readCall([sized(5).subarray(0, 7)], head({ 'grpc-status': '13' })).end, 'status 13');
    assert.equal(readCall([sized(5).subarray(0, 7)]).end, 'grpc message cut off');
  });
});

describe('the head of a gRPC call', () => {
  const options = { ssl: false, authority: 'a:1', userAgent: 'me', timeout: 1500, compression: 'none' } as const;
  const decoded = (bytes: Uint8Array) => {
    const decoder = new HeaderDecoder(4096);
    assert.ok(decoder.decode(bytes, 0, bytes.length));
    return decoder.fields.map(([name, value]) => [name, value] as const);
  };

  it('has the fields of the protocol, then the metadata', () => {
    assert.deepEqual(decoded(encodeCallHead('/p.S/M', [['x', 'y']], options).block), [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', '/p.S/M'],
      [':authority', 'a:1'],
      ['content-type', 'application/grpc'],
      ['user-agent', 'me'],
      ['te', 'trailers'],
      ['grpc-timeout', '1500000u'],
      ['x', 'y'],
    ]);
    const packed = decoded(encodeCallHead('/', [], { ...options, ssl: true, timeout: 0, compression: 'gzip' }).block);
    assert.deepEqual(Object.fromEntries(packed)['grpc-encoding'], 'gzip');
    assert.equal(Object.fromEntries(packed)['grpc-timeout'], undefined);
  });

  it('writes a time in the finest unit that has at most 8 digits', () => {
    const rows = {
      '1u': 0.0001,
      '15000000u': 15_000,
      '99999999u': 99_999.999,
      '100000m': 100_000,
      '100000S': 100_000_000,
    };
    for (const [text, ms] of Object.entries(rows)) assert.equal(timeoutText(ms), text);
    assert.equal(timeoutText(1e15), '99999999H');
  });

  it('leaves out metadata that the client sets, encodes bytes, and refuses what cannot be sent', () => {
    assert.deepEqual(
      metadataFields({ 'A-b': 'c', te: 'x', 'grpc-x': 'y', ':path': '/', 'k-bin': 'é', 'User-Agent': 'u' }),
      [
        ['a-b', 'c'],
        ['k-bin', 'w6k'],
      ],
    );
    assert.match(String(metadataFields({ 'a b': '' })), /^the metadata name "a b" has other characters/);
    assert.match(String(metadataFields({ a: 'é' })), /^the value of the metadata "a" has characters/);
    assert.match(String(metadataFields({ a: 'x\ny' })), /^the value of the metadata "a" has characters/);
  });
});

describe('gRPC statuses', () => {
  it('decodes messages; what is not percent-encoded stays', () => {
    assert.equal(decodeMessage('a%20b%C3%A9 %zz %'), 'a bé %zz %');
  });

  it('has names and codes, and defaults for what is unknown', () => {
    assert.deepEqual([statusName(0), statusName(5), statusName(99)], ['', 'grpc not found', 'grpc unknown status']);
    const codes = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401, 500];
    assert.deepEqual(
      codes.map((_, status) => protoCodeOf(status)),
      codes,
    );
    assert.deepEqual(
      [400, 401, 403, 404, 429, 502, 503, 504, 500, 302].map(statusOfHttp),
      [13, 16, 7, 12, 14, 14, 14, 14, 2, 2],
    );
    assert.deepEqual([0, 3, 7, 8, 11, 12, 99].map(statusOfReset), [13, 8, 14, 1, 8, 7, 2]);
  });
});
