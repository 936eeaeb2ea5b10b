import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { RefusedError } from '../../../../lib/observers/outputs/deliver.js';
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

  it('rejects as refused for the statuses that say that the request is wrong, and for no other', async () => {
    const refused: number[] = [];
    for (const status of [400, 401, 403, 404, 408, 413, 422, 429, 500, 503]) {
      const error: unknown = await posted((response) => response.writeHead(status).end()).catch((cause) => cause);
      if (error instanceof RefusedError) refused.push(status);
      else assert.equal((error as Error).message, `status ${status}`);
    }
    assert.deepEqual(refused, [400, 413, 422]);
  });

  it('rejects at once, and sends nothing, when it is aborted before', async () => {
    const url = new URL('http://127.0.0.1:1/');
    const sent = post({ url, body: 'a', signal: AbortSignal.abort(new Error('enough')) });
    await assert.rejects(sent, { message: 'enough' });
    const atOnce = new AbortController();
    const aborted = post({ url, body: 'a', signal: atOnce.signal });
    atOnce.abort(new Error('while it is loaded'));
    await assert.rejects(aborted, { message: 'while it is loaded' });
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
