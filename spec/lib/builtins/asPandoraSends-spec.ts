import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { lastValueFrom } from 'rxjs';
import { run } from '../../../lib/run/run.js';
import { ScriptedServer } from '../guns/gunBench.js';

const GZIP = gzipSync('x'.repeat(1200));
const head = (...lines: string[]): string => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const RESPONSES: Readonly<Record<string, readonly (string | Buffer)[]>> = {
  '/chunked': [`${head('Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`],
  '/204': ['HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
  '/gzip': [head('Content-Encoding: gzip', `Content-Length: ${GZIP.length}`), GZIP],
  '/circle': ['HTTP/1.1 302 Found\r\nLocation: /circle\r\nContent-Length: 0\r\n\r\n'],
};

/** Rows that were measured side by side with Pandora 0.5.29, through a whole run. */
describe('a run of uri ammo sends and records what Pandora does:', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-pandora-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The columns of phout, and what the server received. */
  async function shot(ammo: string, gun: object): Promise<{ rows: string[][]; received: string }> {
    const server = new ScriptedServer((socket, text) => {
      const response = RESPONSES[/^\S+ (\S+)/.exec(text)?.[1] ?? ''] ?? [head('Content-Length: 0')];
      for (const part of response) socket.write(part);
    });
    writeFileSync(join(folder, 'ammo.uri'), ammo);
    const pool = {
      gun: { type: 'http', target: await server.listen(), ...gun },
      ammo: { type: 'uri', file: 'ammo.uri', passes: 1 },
      result: { type: 'phout', destination: 'phout.log' },
      rps: { type: 'once', times: 10 },
      startup: { type: 'once', times: 1 },
    };
    await lastValueFrom(run({ pools: [pool] }, { cwd: folder, env: {} }));
    await server.close();
    const rows = readFileSync(join(folder, 'phout.log'), 'utf8').trimEnd().split('\n');
    return { rows: rows.map((row) => row.split('\t')), received: server.seen.join('') };
  }

  it('[Host: bad host] is an empty Host', async () => {
    const { rows, received } = await shot('[Host: bad host]\n/a\n[Host: good.test]\n/b\n', {});
    const sent = (path: string, host: string): string =>
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Go-http-client/1.1\r\n\r\n`;
    assert.equal(received, sent('/a', '') + sent('/b', 'good.test'));
    assert.deepEqual(
      rows.map(([, tag, ...rest]) => [tag, ...rest.slice(-2)]),
      [
        ['__EMPTY__', '0', '200'],
        ['__EMPTY__', '0', '200'],
      ],
    );
  });

  it('the auto-tag of an empty path is empty, so a tag has a bar after it', async () => {
    const autoTag = { 'auto-tag': { enabled: true, 'no-tag-only': false } };
    const { rows, received } = await shot('http://h.test TAG\nhttp://h.test?a=b TAG\n/a/b/c TAG\n', autoTag);
    assert.deepEqual(
      rows.map(([, tag]) => tag),
      ['TAG|', 'TAG|', 'TAG|/a/b'],
    );
    assert.deepEqual(received.match(/^GET \S+/gm), ['GET /', 'GET /?a=b', 'GET /a/b/c']);
  });

  it('with dump, sizes are those of the dumps of Go: chunks are framed, 204 has no length, gzip counts unpacked', async () => {
    const sizes = async (options: object): Promise<readonly (string | undefined)[]> =>
      (await shot('/chunked\n/204\n/gzip\n', { httptrace: { dump: true }, ...options })).rows.map((row) => row[9]);
    // The dump has the head that Go writes: without the length of a 204, and of gzip without its length and encoding.
    const packed = head('Content-Encoding: gzip', `Content-Length: ${GZIP.length}`).length + GZIP.length;
    assert.deepEqual(await sizes({}), ['62', '27', String(packed)]);
    assert.deepEqual(await sizes({ 'disable-compression': false }), ['62', '27', String(head().length + 1200)]);
  });

  it('a redirect in a circle is followed up to 10 requests', async () => {
    const { rows, received } = await shot('/circle\n', { redirect: true });
    assert.deepEqual([rows.length, rows[0]?.slice(-2), received.match(/^GET /gm)?.length], [1, ['999', '0'], 10]);
  });
});
