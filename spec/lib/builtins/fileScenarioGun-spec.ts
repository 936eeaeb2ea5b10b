import assert from 'node:assert/strict';
import { once as happens } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { filter, lastValueFrom, map } from 'rxjs';
import { summary } from '../../../lib/aggregators/summary.js';
import { httpScenarioGun, once, phout } from '../../../lib/builtins/components.js';
import { scenarios } from '../../../lib/builtins/scenarios.js';
import { defineConfig, pool } from '../../../lib/config/code/defineConfig.js';
import { isSummarySnapshot, type SummarySnapshot } from '../../../lib/measure/summary.js';
import { run } from '../../../lib/run/run.js';
import type { HttpPostprocessor, VariableSource } from '../../../lib/scenario/files/model.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { reportTo } from '../../../operators/samples/reportTo.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { compiled, fileOf, type ShortFile } from '../scenario/files/play/playFile.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Server {
  readonly target: string;
  /** The requests that came: method, target and the body. */
  readonly seen: string[];
}

async function serve(respond: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`);
      respond(request, response);
    });
  }).listen(0, '127.0.0.1');
  await happens(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { target: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-files-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

interface Played {
  /** Lines of phout: tag, net code and status. */
  readonly lines: string[];
  readonly answlog: () => string;
  readonly log: FakeLog;
}

/** Runs a file that many times, with one instance, and returns the lines of phout. */
async function play(target: string, file: ShortFile, gun: Record<string, unknown> = {}, times = 1): Promise<Played> {
  const folder = tempFolder();
  const destination = join(folder, 'phout.log');
  const path = join(folder, 'answ.log');
  const log = new FakeLog();
  const config = defineConfig({
    pools: [
      pool({
        gun: httpScenarioGun({ target, answlog: { enabled: true, filter: 'all', path }, ...gun }),
        ammo: scenarios(compiled(fileOf(file)).scenarios({ random: () => 0 })),
        result: phout({ destination }),
        rps: once({ times }),
        startup: once({ times: 1 }),
      }),
    ],
  });
  await lastValueFrom(run(config, { log, observers: [] }));
  const lines = readFileSync(destination, 'utf8').split('\n').slice(0, -1);
  return {
    lines: lines.map((line) => {
      const columns = line.split('\t');
      return [columns[1], ...columns.slice(-2)].join(' ');
    }),
    answlog: () => readFileSync(path, 'utf8'),
    log,
  };
}

const jsonPath = (mapping: Readonly<Record<string, string>>): HttpPostprocessor => ({
  path: [],
  type: 'var/jsonpath',
  mapping,
});

describe('the gun http/scenario', () => {
  it('plays a file: what it sends depends on what came before; files of results have the requests only', async () => {
    const { target, seen } = await serve((request, response) => {
      if (request.url === '/auth') response.setHeader('X-Token', 'Bearer abc');
      response.end('{"items": [{"id": 1000001}, {"id": 2}]}');
    });
    const users: VariableSource = {
      path: [],
      type: 'variables',
      name: 'users',
      variables: { list: ['ann', 'bob'] },
    };
    const { lines } = await play(
      target,
      {
        sources: [users],
        requests: [
          {
            name: 'auth',
            method: 'POST',
            body: '{"user": "{{.request.auth.preprocessor.user}}"}',
            preprocessor: { user: 'source.users.list[next]' },
            postprocessors: [
              { path: [], type: 'var/header', mapping: { token: 'X-Token|substr(7)|upper' } },
              jsonPath({ id: '$.items[0].id' }),
            ],
          },
          { name: 'list', uri: '/items/{{.request.auth.postprocessor.id}}?t={{.request.auth.postprocessor.token}}' },
        ],
      },
      {},
      2,
    );
    assert.deepEqual(seen, [
      'POST /auth {"user": "ann"}',
      'GET /items/1000001?t=ABC',
      'POST /auth {"user": "bob"}',
      'GET /items/1000001?t=ABC',
    ]);
    assert.deepEqual(lines, ['s.auth 0 200', 's.list 0 200', 's.auth 0 200', 's.list 0 200']);
  });

  it('a failed step is 999 and 0, the rest of the scenario is skipped, and the next one is played', async () => {
    const { target, seen } = await serve((_request, response) => response.end('x'));
    const failing = { name: 'a', postprocessors: [jsonPath({ v: '$.x' })] };
    const { lines, log } = await play(target, { requests: [failing, { name: 'b' }] }, {}, 3);
    assert.deepEqual(lines, Array(3).fill('s.a|__EMPTY__ 999 0'));
    assert.deepEqual(seen, Array(3).fill('GET /a'));
    // The first failure of a kind is logged.
    const warnings = log.lines.filter(({ message }) => message.startsWith('the postprocessor of s.a failed'));
    assert.deepEqual(
      warnings.map(({ message }) => message),
      ['the postprocessor of s.a failed: the text is not JSON: it begins with "x"'],
    );
  });

  it('a refused connection is 111 and 0', async () => {
    const { target } = await serve((_request, response) => response.end());
    closers.splice(0).forEach((close) => {
      close();
    });
    const { lines } = await play(target, { requests: [{ name: 'a' }, { name: 'b' }] });
    assert.deepEqual(lines, ['s.a|__EMPTY__ 111 0']);
  });

  it('the summary counts scenarios and requests', async () => {
    const { target } = await serve((request, response) => {
      response.statusCode = request.url === '/b' ? 404 : 200;
      response.end('x');
    });
    const assertion: HttpPostprocessor = {
      path: [],
      type: 'assert/response',
      body: [],
      headers: {},
      statusCode: 200,
      size: undefined,
    };
    const ammo = scenarios(
      compiled(fileOf({ requests: [{ name: 'a' }, { name: 'b', postprocessors: [assertion] }] })).scenarios({
        random: () => 0,
      }),
    );
    const snapshot: SummarySnapshot = await lastValueFrom(
      once({ times: 5 }).pipe(
        zipAmmo(ammo),
        shoot(httpScenarioGun({ target }), { instances: 2 }),
        reportTo(summary()),
        map(({ detail }) => detail),
        filter(isSummarySnapshot),
      ),
    );
    assert.deepEqual([snapshot.scenarios?.ended, snapshot.total.ended], [5, 10]);
    // The target has responded, so a check that failed is bad, and not failed.
    assert.deepEqual([snapshot.total.bad, snapshot.total.failed], [5, 0]);
    assert.deepEqual(snapshot.total.failures, [{ netCode: 999, name: 'postprocessor: status-mismatch', count: 5 }]);
  });

  it('the answlog has the name of the step in both records, and the body without framing', async () => {
    const { target } = await serve((_request, response) => {
      response.setHeader('Date', 'now');
      response.setHeader('B', '2');
      response.setHeader('A', '1');
      response.write('bo');
      response.end('dy');
    });
    const { answlog } = await play(target, { requests: [{ name: 'a', method: 'POST', body: 'sent' }] });
    const [host] = target.split(':');
    assert.equal(
      answlog().replaceAll(/^\S+T\S+Z\t/gm, ''),
      `DEBUG\tREQUEST[s.a.1.1]:\nPOST /a HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 4\r\n\r\nsent\n\n` +
        'DEBUG\tRESPONSE[s.a.1.1]:\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\r\nA: 1\r\nB: 2\r\nConnection: keep-alive\r\nDate: now\r\nKeep-Alive: timeout=5\r\n\nbody\n\n',
    );
  });

  it('takes the options of the HTTP gun, without effect those of shared clients and tags', async () => {
    const { target } = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { Location: '/b' });
      response.end('x');
    });
    const gun = {
      redirect: true,
      autoTag: { enabled: true, noTagOnly: false },
      sharedClient: { enabled: true, clientNumber: 2 },
    };
    const { lines } = await play(target, { requests: [{ name: 'a' }] }, gun);
    assert.deepEqual(lines, ['s.a 0 200']);
  });

  it('a line end in a header from a template is a failed sample, and nothing is sent', async () => {
    const { target, seen } = await serve((_request, response) => response.end('x'));
    const { lines } = await play(target, {
      requests: [{ name: 'a', headers: { X: '{{"1\\r\\nEvil: 2"}}' } }, { name: 'b' }],
    });
    assert.deepEqual(lines, ['s.a|__EMPTY__ 999 0']);
    assert.deepEqual(seen, []);
  });

  it('a line end in a uri from a template is a failed sample, and nothing is sent', async () => {
    const { target, seen } = await serve((_request, response) => response.end('x'));
    const { lines } = await play(target, { requests: [{ name: 'a', uri: '/{{"a HTTP/1.1\\r\\nEvil: 2"}}' }] });
    assert.deepEqual(lines, ['s.a|__EMPTY__ 999 0']);
    assert.deepEqual(seen, []);
  });

  const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
  const hostile: [what: string, body: Buffer | string, postprocessor: HttpPostprocessor, error: string][] = [
    ['JSON nested 100,000 deep', nested('[', ']', 100_000), jsonPath({ v: '$[0]' }), 'postprocessor: too-deep'],
    ['a path that multiplies', nested('[', ']', 500), jsonPath({ v: '$..*..*..*..*' }), 'postprocessor: too-long'],
    [
      'HTML nested 2,000 deep',
      nested('<div>', '</div>', 2000),
      { path: [], type: 'var/xpath', mapping: { v: '//p' } },
      'postprocessor: too-deep',
    ],
    [
      'an element with 100,000 attributes',
      `<a ${Array.from({ length: 100_000 }, (_, i) => `a${i}="1"`).join(' ')}>x</a>`,
      { path: [], type: 'var/xpath', mapping: { v: '//@a5' } },
      'postprocessor: too-slow',
    ],
    [
      'an element with 2,000 attributes',
      `<a ${Array.from({ length: 2000 }, (_, i) => `a${i}="1"`).join(' ')}>x</a>`,
      { path: [], type: 'var/xpath', mapping: { v: '//@a5' } },
      'postprocessor: too-long',
    ],
    [
      'entities that multiply, which HTML does not expand',
      `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(1000)}">]><p>&a;&a;</p>`,
      { path: [], type: 'var/xpath', mapping: { v: 'count(//p)' } },
      'postprocessor: not-a-node-set',
    ],
    [
      '200 MB of gzip bomb',
      gzipSync(Buffer.alloc(200_000_000, '[')),
      jsonPath({ v: '$[0]' }),
      'postprocessor: too-deep',
    ],
  ];
  for (const [what, body, postprocessor, error] of hostile)
    it(`${what} is a failed sample`, async () => {
      const { target } = await serve((_request, response) => {
        if (Buffer.isBuffer(body)) response.setHeader('Content-Encoding', 'gzip');
        response.end(body);
      });
      const file = { requests: [{ name: 'a', postprocessors: [postprocessor] }] };
      const ammo = scenarios(compiled(fileOf(file)).scenarios({ random: () => 0 }));
      const { total } = await lastValueFrom(
        once({ times: 1 }).pipe(
          zipAmmo(ammo),
          shoot(httpScenarioGun({ target, disableCompression: false, maxBody: '2mb' }), { instances: 1 }),
          reportTo(summary()),
          map(({ detail }) => detail),
          filter(isSummarySnapshot),
        ),
      );
      assert.deepEqual(total.failures, [{ netCode: 999, name: error, count: 1 }]);
    });
});
