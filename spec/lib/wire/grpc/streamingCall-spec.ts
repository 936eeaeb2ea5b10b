import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Subject } from 'rxjs';
import type { Origin } from '../../../../lib/wire/dial/origin.js';
import { encodeCallHead } from '../../../../lib/wire/grpc/callHead.js';
import { GrpcHeads } from '../../../../lib/wire/grpc/responseHead.js';
import { streamingCall } from '../../../../lib/wire/grpc/streamingCall.js';
import type { StreamClient, StreamConnection } from '../../../../lib/wire/http2/streamListener.js';

const origin: Origin = { host: 'localhost', port: 1, ssl: false, remember: false };

describe('streamingCall', () => {
  it('ends with a failure when over 16 MiB of requests wait for the server, and not before', () => {
    const seen = { waiting: 0, cancelled: 0 };
    const connection: StreamConnection = {
      ...{ origin, carried: 0, silentSince: () => false, retire: () => undefined },
      send: () => ({
        get waiting() {
          return seen.waiting;
        },
        ...{ bytesIn: 0, bytesOut: 0, finish: () => undefined },
        write: (bytes) => {
          seen.waiting += bytes.length;
        },
        cancel: () => {
          seen.cancelled++;
        },
      }),
    };
    const client: StreamClient = {
      acquire: (_origin, taker) => taker.acquired(connection),
      ...{ leave: () => undefined, close: () => undefined },
    };
    const options = { ssl: false, authority: 'a', userAgent: 'u', timeout: 0, compression: 'none' } as const;
    const head = encodeCallHead('/p.S/M', [], options);
    const requests = new Subject<Uint8Array>();
    const errors: unknown[] = [];
    const receiving = { heads: new GrpcHeads(), maxMessage: 100 };
    streamingCall({ client, origin, head, receiving, compression: 'none' }, requests).subscribe({
      error: (error: Error) => errors.push(error.message),
    });
    // With its head of five bytes each is a MiB.
    const message = new Uint8Array(1024 * 1024 - 5);
    for (let i = 0; i < 16; i++) requests.next(message);
    assert.deepEqual([errors, seen.cancelled], [[], 0]);
    requests.next(new Uint8Array(0));
    assert.deepEqual(errors, ['grpc requests wait: over 16777216 bytes of requests wait for the server']);
    assert.equal(seen.cancelled, 1);
    assert.equal(requests.observed, false);
  });
});
