import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { post } from '../../../../lib/observers/outputs/post.js';

/** Posts to a server that responds like this; returns what it received. */
async function posted(
  respond: (response: ServerResponse) => void,
  login = '',
): Promise<{ readonly headers: IncomingMessage['headers'] }> {
  let headers: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    headers = request.headers;
    respond(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://${login}127.0.0.1:${(server.address() as AddressInfo).port}/write`);
  try {
    await post({ url, headers: { 'X-Key': '7' }, body: 'a', signal: new AbortController().signal });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { headers };
}

describe('post', () => {
  it('sends its headers, and a login of the address as a header', async () => {
    const { headers } = await posted((response) => response.end(), 'ann:p%40ss@');
    assert.deepEqual([headers['x-key'], headers.authorization], ['7', `Basic ${btoa('ann:p@ss')}`]);
  });

  it('rejects with the status and the begin of the response', async () => {
    const failing = posted((response) => response.writeHead(503).end('x'.repeat(1000)));
    await assert.rejects(failing, { message: `status 503: ${'x'.repeat(200)}` });
  });

  it('does not follow a redirect, which would lead secrets elsewhere', async () => {
    const moved = posted((response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end());
    await assert.rejects(moved, { message: 'status 302' });
  });

  it('rejects a response over 64 KiB, before it is read to its end', async () => {
    const flood = posted((response) => {
      const more = (): void => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    });
    await assert.rejects(flood, /over limit|65536/);
  });
});
