import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseRawRequest } from '../../../../lib/providers/http/rawRequest.js';
import { encodeRequest } from '../../../../lib/wire/http1/request.js';
import { request } from '../../guns/gunBench.js';

interface Vectors {
  readonly requests: readonly {
    readonly name: string;
    readonly raw: string;
    readonly noKeepAlive: boolean;
    readonly compress: boolean;
    readonly wire?: string;
    readonly dumpLength?: number;
    readonly error?: string;
  }[];
  readonly hosts: readonly { readonly host: string; readonly wire: string }[];
}

const vectors = JSON.parse(readFileSync(new URL('../../../vectors/requests.json', import.meta.url), 'utf8')) as Vectors;

describe('raw ammo is sent and dumped with the bytes of Go', () => {
  for (const { name, raw, noKeepAlive, compress, wire, dumpLength, error } of vectors.requests) {
    it(name, () => {
      const parsed = parseRawRequest(Buffer.from(raw), []);
      if (error !== undefined) {
        assert.equal(typeof parsed, 'string', error);
        return;
      }
      assert.ok(typeof parsed !== 'string' && parsed.problem === undefined);
      const options = { host: 'target', disableKeepAlives: noKeepAlive, acceptGzip: compress };
      const encoded = encodeRequest(parsed.request, options);
      assert.equal(encoded.bytes.toString(), wire);
      assert.equal(encoded.dumpBytes, dumpLength);
    });
  }
});

describe('the Host header has the bytes of Go for the host', () => {
  for (const { host, wire } of vectors.hosts) {
    it(JSON.stringify(host), () => {
      const options = { host: 'target', disableKeepAlives: false, acceptGzip: false };
      const lines = encodeRequest(request({ host }), options).bytes.toString().split('\r\n');
      assert.equal(lines[1], wire);
    });
  }
});
