import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { endpoint } from '../../../lib/codec/net.js';

interface Target {
  input: string;
  expect: { hostDefault: string; valid: boolean };
}
const { targets } = JSON.parse(readFileSync('spec/vectors/config.json', 'utf8')) as { targets: Target[] };

describe('endpoint', () => {
  for (const { input, expect } of targets) {
    it(`${expect.valid ? 'takes' : 'refuses'} the vector ${input}`, () => {
      const decoded = endpoint.decode(input);
      assert.equal(isRight(decoded), expect.valid);
      if (isRight(decoded)) assert.equal(decoded.right.host, expect.hostDefault);
    });
  }

  const TAKEN: [text: string, host: string, port: number][] = [
    ['[::1]:80', '::1', 80],
    ['a_b.c-d.test:65535', 'a_b.c-d.test', 65535],
    ['xn--bcher-kva.example:1', 'xn--bcher-kva.example', 1],
    [':80', '', 80],
  ];
  for (const [text, host, port] of TAKEN) {
    it(`takes ${text}`, () => {
      const decoded = endpoint.decode(text);
      assert.deepEqual(isRight(decoded) && decoded.right, { host, port, text });
    });
  }

  const REFUSED: [sentence: string, text: string, hint: RegExp][] = [
    ['a URL', 'http://host:80', /scheme/],
    ['a path', 'host:80/x', /path/],
    ['no port', 'host', /add a port: host:80/],
    ['an IPv6 address without brackets', '::1', /\[::1\]:80/],
    ['a zone', '[fe80::1%eth0]:80', /brackets/],
    ['brackets around a name', '[host]:80', /brackets/],
    ['a label that starts with a dash', '-a.test:80', /host name/],
    ['a label that ends with a dash', 'a-.test:80', /host name/],
    ['an empty label', 'a..b:80', /host name/],
    ['another script', 'bücher.example:80', /host name/],
    ['port 0', 'host:0', /from 1 to 65535/],
    ['a signed port', 'host:+80', /decimal/],
  ];
  for (const [sentence, text, hint] of REFUSED) {
    it(`refuses ${sentence} with a hint`, () => {
      const decoded = endpoint.decode(text);
      assert.ok(!isRight(decoded));
      const [issue] = decoded.left as CodecIssue[];
      assert.equal(issue?.code, 'endpoint');
      assert.match(issue?.hint ?? '', hint);
    });
  }

  it('refuses a number', () => {
    const decoded = endpoint.decode(80);
    assert.ok(!isRight(decoded));
    assert.equal((decoded.left[0] as CodecIssue).code, 'wrong-type');
  });
});
