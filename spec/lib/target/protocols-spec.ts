import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:https';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { http2 } from '../../../lib/guns/http2/gun.js';
import { startTarget } from '../../../lib/target/target.js';
import { GunBench } from '../guns/gunBench.js';

describe('one port of the target', () => {
  for (const ssl of [true, false]) {
    it(`speaks HTTP/2 ${ssl ? 'over TLS' : 'by prior knowledge'}, with all routes, and counts it`, async () => {
      const target = await startTarget();
      const bench = new GunBench(http2, { target: `127.0.0.1:${target.port}`, ssl });
      try {
        const rows: [path: string, expected: string][] = [
          ['/', '0 200'],
          ['/bytes/200000', '0 200'],
          ['/chunked/5000', '0 200'],
          ['/slow/5/10', '0 200'],
          ['/status/503', '0 503'],
          ['/status/204', '0 204'],
          ['/echo', '0 200'],
          ['/reset', '999 0 http2 stream reset: internal error'],
          ['/close', '999 0 closed early'],
          ['/nowhere', '0 404'],
        ];
        for (const [path, expected] of rows) {
          const { netCode, protoCode, errorName } = await bench.shoot({ target: path, path });
          assert.equal(`${netCode} ${protoCode} ${errorName}`.trim(), expected, path);
        }
        const { total, aborted, inFlight, statuses, connections } = target.stats();
        assert.deepEqual([total, aborted, inFlight, connections.opened], [rows.length, 2, 0, 2]);
        assert.deepEqual(statuses, { 200: 5, 204: 1, 404: 1, 503: 1 });
      } finally {
        await bench.close();
        await target.close();
      }
    });
  }

  it('speaks HTTP/1.1 over TLS, and reads a first line that arrives byte by byte', async () => {
    const target = await startTarget();
    try {
      const request = get(`https://127.0.0.1:${target.port}/`, { rejectUnauthorized: false, agent: false });
      const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
      response.resume();
      assert.equal(response.statusCode, 200);
      const socket = connect(target.port, '127.0.0.1');
      for (const byte of 'PR') {
        socket.write(byte);
        // The target reads it in the next turn, before the bytes that follow.
        for (const _ of 'ab') await new Promise((resolve) => setImmediate(resolve));
      }
      socket.write('OPFIND /status/207 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const part of socket) text += String(part);
      assert.match(text, /^HTTP\/1\.1 207 /);
    } finally {
      await target.close();
    }
  });
});
