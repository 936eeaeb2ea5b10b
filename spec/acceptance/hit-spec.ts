import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { selfSigned } from '../lib/guns/selfSigned.js';
import { atTarget } from './atTarget.js';
import type { Bench } from './elpis.js';

describe('elpis hit', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  it('shoots one URL at a rate, with method, headers and body', async () => {
    const { code, stdout } = await bench.run([
      'hit',
      `${target.url}/echo?a=1`,
      '--rps',
      '50',
      '--for',
      '1s',
      '--instances',
      '3',
      '--body',
      'hello',
      '--header',
      'X-A: b',
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /50 of 50 planned/);
    assert.deepEqual(target.stats().methods, { POST: 50 });
  });

  it('without a rate is a closed loop', async () => {
    const { code } = await bench.run([
      'hit',
      `127.0.0.1:${target.port}/`,
      '--for',
      '1s',
      '-q',
      '--summary-json',
      's.json',
    ]);
    const { pools } = JSON.parse(bench.read('s.json')) as {
      pools: { planned: { count: null }; total: { shots: number } }[];
    };
    assert.equal(code, 0);
    assert.equal(pools[0]?.planned.count, null);
    assert.equal(pools[0]?.total.shots, target.stats().total);
    assert.ok(target.stats().total > 50, 'some of the 50 instances shot again');
  });

  for (const [scheme, way] of [
    ['http', 'by prior knowledge'],
    ['https', 'over TLS, chosen by ALPN'],
  ] as const) {
    it(`--http2 speaks HTTP/2 ${way}`, async () => {
      // Servers of Node that speak nothing else.
      const server = scheme === 'http' ? createHttp2() : createSecureServer(selfSigned());
      const seen: string[] = [];
      server.on('stream', (stream, { ':method': method, ':path': path, 'x-a': own }) => {
        seen.push(`${method} ${path} ${own}`);
        stream.resume().respond({ ':status': 200 });
        stream.end('ok');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/?a=1`;
      const shooting = ['--rps', '50', '--for', '1s', '--instances', '2', '--body', 'hello', '--header', 'X-A: b'];
      const { code, stdout, stderr } = await bench.run(['hit', '--http2', url, ...shooting]);
      server.close();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /50 of 50 planned, 0 bad/);
      assert.match(stdout, /connections +2 opened/);
      assert.deepEqual(seen, Array(50).fill('POST /?a=1 b'));
    });
  }

  it('--http2 ends the run at a target that only speaks HTTP/1.1, with a hint', async () => {
    const old = createServer((_, response) => response.end('ok'));
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    const { port } = old.address() as AddressInfo;
    const { code, stderr } = await bench.run(['hit', '--http2', `127.0.0.1:${port}/`, '--for', '5s']);
    old.close();
    assert.equal(code, 1);
    assert.match(stderr, /HTTP\/1\.x/);
    assert.match(stderr, /use the gun http for HTTP\/1\.1/);
  });

  const wrong: readonly [args: readonly string[], message: RegExp][] = [
    [['ftp://x/'], /not an http or https URL/],
    [['http://x/', '--header', 'nonsense'], /expected "Name: value"/],
    [['http://x/', '--for', '10'], /duration.*10/s],
    [['http://x/', '--rps', '-1'], /--rps/],
    [['http://x/', '--pacing', 'fast'], /relaxed, precise/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await bench.run(['hit', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});
