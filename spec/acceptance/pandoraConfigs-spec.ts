import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { selfSigned } from '../lib/guns/selfSigned.js';
import { atTarget } from './atTarget.js';
import { type Bench, phoutRows } from './elpis.js';

let bench: Bench;
let target: Target;
atTarget((given, at) => {
  [bench, target] = [given, at];
});
const host = (): string => `127.0.0.1:${target.port}`;

/** Checks a config, runs it, and returns how often each tag, net code and status is in the phout `p.log`. */
async function shot(config: string, env: Record<string, string> = {}): Promise<Record<string, number>> {
  bench.write('load.yaml', config);
  for (const args of [['check', 'load.yaml'], ['load.yaml']]) {
    const { code, stdout, stderr } = await bench.start(args, env).finished;
    assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
  }
  const counts: Record<string, number> = {};
  for (const row of phoutRows(bench.read('p.log'))) {
    const key = `${row[1]} ${row[10]} ${row[11]}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** A pool with the given ammo, gun and result; 12 shots by 3 instances unless `loads` says otherwise. */
const pool = (ammo: string, { gun = '', result = '{type: phout, destination: ./p.log}', loads = '' } = {}): string => `
pools:
  - id: HTTP pool
    gun: {type: http, target: "${host()}"${gun}}
    ammo:
${ammo.trim().replaceAll(/^/gm, '      ')}
    result: ${result}
${loads === '' ? '    rps: {type: once, times: 12}\n    startup: {type: once, times: 3}' : loads}
`;

const URIS = `[Connection: close]
[Host: shop.test]
[Cookie: None]
/?drg tag1
/
/bytes/2 tag2
[Cookie: test]
/bytes/3?rt=0&to=7&from=9
`;
const EACH = { 'tag1 0 200': 3, '__EMPTY__ 0 200': 6, 'tag2 0 200': 3 };

describe('configs as the documentation of Pandora shows them: the basic one', () => {
  it('a line, a pool of 10 instances and phout', async () => {
    bench.write('ammo.uri', URIS);
    const counts = await shot(`
pools:
  - id: HTTP pool                    # the name of the pool
    gun:
      type: http
      target: ${host()}
    ammo:
      type: uri
      file: ./ammo.uri
    result:
      type: phout
      destination: ./p.log

    rps-per-instance: false
    discard_overflow: true

    rps:
      type: line
      from: 1
      to: 5
      duration: 2s

    startup:
      type: once
      times: 10
`);
    assert.deepEqual(counts, { 'tag1 0 200': 2, '__EMPTY__ 0 200': 3, 'tag2 0 200': 1 });
  });

  it('log and monitoring', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    bench.write('ammo.uri', URIS);
    const counts = await shot(`${pool('type: uri\nfile: ./ammo.uri')}
log:
  level: error

monitoring:
  expvar:
    enabled: true
    port: ${port}
  cpuprofile:
    enabled: true
    file: "cpuprofile.log"
  memprofile:
    enabled: true
    file: "memprofile.log"
`);
    assert.deepEqual(counts, EACH);
  });

  it('variables from the environment and from a file', async () => {
    bench.write('file.property', 'OTHER=1\nMY_FIELD=data\n');
    bench.write('ammo.uri', '/echo\n');
    const ammo = `
type: uri
file: ./ammo.uri
headers:
  - "[Host: shop.test]"
  - "[User-Agent: \${env:LOAD_USER_AGENT}]"
  - "[Custom-Header: \${property:file.property#MY_FIELD}]"
`;
    const config = pool(ammo, { gun: ', answlog: {enabled: true, path: ./answ.log, filter: all}' });
    assert.deepEqual(await shot(config, { LOAD_USER_AGENT: 'agent seven' }), { '__EMPTY__ 0 200': 12 });
    assert.match(bench.read('answ.log'), /User-Agent: agent seven\r\nCustom-Header: data\r\n/);
  });
});

describe('configs as the documentation of Pandora shows them: the http gun with every option', () => {
  it('over TLS', async () => {
    const server = createHttps(selfSigned(), (_request, response) => response.end('ok'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    bench.write('ammo.uri', '/my/very/deep/page\n');
    const counts = await shot(`
pools:
  - ammo: {type: uri, file: ./ammo.uri}
    result: {type: phout, destination: ./p.log}
    rps: {type: once, times: 12}
    startup: {type: once, times: 3}
    gun:
      type: http
      target: 'localhost:${(server.address() as AddressInfo).port}'
      ssl: true
      connect-ssl: false
      tls-handshake-timeout: 10s
      disable-keep-alives: false
      disable-compression: true
      max-idle-conns: 0
      max-idle-conns-per-host: 2
      idle-conn-timeout: 90s
      response-header-timeout: 0
      expect-continue-timeout: 1s
      shared-client:
        enabled: false
        client-number: 1
      dial:
        timeout: 10s
        dns-cache: true
        dual-stack: true
        fallback-delay: 300ms
        keep-alive: 120s
      answlog:
        enabled: true
        path: ./answ.log
        filter: all
      auto-tag:
        enabled: true
        uri-elements: 2
        no-tag-only: true
      httptrace:
        dump: true
        trace: true
`);
    server.closeAllConnections();
    server.close();
    assert.deepEqual(counts, { '/my/very 0 200': 12 });
    assert.equal(bench.read('answ.log').match(/RESPONSE:/g)?.length, 12);
    const [first] = phoutRows(bench.read('p.log'));
    assert.ok(Number(first?.[8]) > 0 && Number(first?.[9]) > 0, 'sizes are measured');
  });

  it('with a shared client', async () => {
    bench.write('ammo.uri', URIS.replace('[Connection: close]\n', ''));
    const gun = ', shared-client: {enabled: true, client-number: 1}';
    assert.deepEqual(await shot(pool('type: uri\nfile: ./ammo.uri', { gun })), EACH);
  });

  it('as the connect gun, through a proxy', async () => {
    bench.write('ammo.uri', URIS.replace('[Connection: close]\n', ''));
    const config = pool('type: uri\nfile: ./ammo.uri').replace('type: http,', 'type: connect, connect-ssl: false,');
    assert.deepEqual(await shot(config), EACH);
    assert.deepEqual(target.stats().tunnels, { 'shop.test:80': 3 });
  });
});

const raw = (tag: string, path: string): string => {
  const text = `GET ${path} HTTP/1.0\r\nHost: shop.test\r\nUser-Agent: shell 1\r\n\r\n`;
  return `${text.length} ${tag}\n${text}\n`;
};

describe('configs as the documentation of Pandora shows them: ammo', () => {
  it('http/json', async () => {
    const headers = '{"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "User-Agent": "Pandora"}';
    bench.write(
      'ammofile',
      `{"tag": "tag1", "uri": "/", "method": "GET", "headers": ${headers}, "host": "shop.test"}\n`,
    );
    assert.deepEqual(await shot(pool('type: http/json\nfile: ./ammofile\nlimit: 0\npasses: 0')), { 'tag1 0 200': 12 });
  });

  it('raw; a request with a blank in its path is a failed sample, where Pandora ends an instance', async () => {
    bench.write('ammofile', raw('good', '/') + raw('bad', '/abra') + raw('unknown', '/ab ra'));
    const headers = 'headers:\n  - "[Host: other.test]"\n  - "[User-Agent: some user agent]"';
    for (const more of ['', headers]) {
      const counts = await shot(pool(`type: raw\nfile: ./ammofile\n${more}`));
      assert.deepEqual(counts, { 'good 0 200': 4, 'bad 0 404': 4, 'unknown 999 0': 4 });
    }
  });

  it('uripost', async () => {
    bench.write('ammofile', '[Host: shop.test]\n5 /echo tag1\nclass\n3 /echo tag2\nabc\n');
    assert.deepEqual(await shot(pool('type: uripost\nfile: ./ammofile')), { 'tag1 0 200': 6, 'tag2 0 200': 6 });
  });

  const URI_OPTIONS: readonly (readonly [sentence: string, ammo: string, counts?: Record<string, number>])[] = [
    ['alone', ''],
    ['with headers', 'headers:\n  - "[Host: yourhost.test]"\n  - "[User-Agent: some user agent]"'],
    ['with chosencases', 'chosencases: ["tag1", "tag2"]', { 'tag1 0 200': 6, 'tag2 0 200': 6 }],
    ['with the middleware header/date', 'middlewares:\n  - type: header/date\n    location: EST\n    headerName: Date'],
    ['with preload', 'preload: true'],
    ['with maxammosize', 'maxammosize: 1000000'],
    ['with a limit', 'limit: 4', { 'tag1 0 200': 1, '__EMPTY__ 0 200': 2, 'tag2 0 200': 1 }],
    ['with passes', 'passes: 2', { 'tag1 0 200': 2, '__EMPTY__ 0 200': 4, 'tag2 0 200': 2 }],
  ];
  for (const [sentence, options, counts = EACH] of URI_OPTIONS) {
    it(`uri ${sentence}`, async () => {
      bench.write('ammofile', URIS);
      assert.deepEqual(await shot(pool(`type: uri\nfile: ./ammofile\n${options}`)), counts);
    });
  }
});

describe('configs as the documentation of Pandora shows them: results', () => {
  it('phout with every option', async () => {
    bench.write('ammo.uri', URIS);
    const result = `
      type: phout
      destination: p.log
      id: false
      flush-time: 1s
      sample-queue-size: 262144
      buffer-size: 1048576`;
    assert.deepEqual(await shot(pool('type: uri\nfile: ammo.uri', { result })), EACH);
  });

  for (const type of ['jsonlines', 'json']) {
    it(`${type} with every option`, async () => {
      bench.write('ammo.uri', URIS);
      bench.write('p.log', '');
      const result = `
      type: ${type}
      sink:
        type: file
        path: j.log
      buffer-size: 1048576
      flush-interval: 1s
      sample-queue-size: 131072
      marshal-float-with-6-digits: false
      sort-map-keys: false`;
      await shot(pool('type: uri\nfile: ammo.uri', { result }));
      assert.equal(bench.read('j.log').trim().split('\n').length, 12);
    });
  }

  for (const type of ['log', 'discard']) {
    it(type, async () => {
      bench.write('ammo.uri', URIS);
      bench.write('p.log', '');
      await shot(pool('type: uri\nfile: ammo.uri', { result: `{type: ${type}}` }));
      assert.equal(target.stats().total, 12);
    });
  }
});

describe('configs as the documentation of Pandora shows them: load profiles', () => {
  const PROFILES: readonly (readonly [rps: string, operations: number])[] = [
    ['{type: const, duration: 300s, ops: 10000}', 3_000_000],
    ['{type: line, duration: 180s, from: 1, to: 10000}', 900_090],
    ['{type: step, duration: 30s, from: 10, to: 100, step: 5}', 31_350],
    ['{type: once, times: 133}', 133],
    ['{type: unlimited, duration: 30s}', -1],
    ['[{type: const, duration: 1m, ops: 4}]', 240],
    ['{ duration: 30s, type: line,  from: 1, to: 2 }', 45],
  ];
  const STARTUPS: readonly (readonly [startup: string, operations: number])[] = [
    ['{type: once, times: 10}', 10],
    ['{type: const, duration: 60s, ops: 5}', 300],
    ['{type: instance_step, from: 10, to: 100, step: 10, stepduration: 10s}', 100],
    ['[{type: once, times: 10}, {type: const, ops: 0, duration: 10s}, {type: once, times: 10}]', 20],
  ];

  it('have the operations of Pandora, and so have those of instances', async () => {
    bench.write('ammo.uri', URIS);
    for (const [schedule, operations] of [...PROFILES, ...STARTUPS]) {
      const loads = `    rps: ${schedule}\n    startup: {type: once, times: 10}`;
      bench.write('load.yaml', pool('type: uri\nfile: ammo.uri', { loads }));
      const { code, stdout, stderr } = await bench.run(['plan', '--json', 'load.yaml']);
      assert.equal(code, 0, stderr);
      const [first] = (JSON.parse(stdout) as { pools: { shots: number }[] }).pools;
      assert.deepEqual([schedule, first?.shots], [schedule, operations]);
    }
  });

  it('const with from is refused, as by Pandora itself, although its documentation shows it', async () => {
    bench.write('ammo.uri', URIS);
    const loads = '    rps: {type: const, duration: 300s, from: 1, ops: 10000}\n    startup: {type: once, times: 1}';
    bench.write('load.yaml', pool('type: uri\nfile: ammo.uri', { loads }));
    const { code, stderr } = await bench.run(['check', 'load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /rps\.from: unknown key/);
  });

  it('rps-per-instance gives each instance a schedule of its own', async () => {
    bench.write('ammo.uri', URIS);
    const loads = `
    rps-per-instance: true
    rps:
      - type: const
        duration: 1s
        ops: 4
    startup:
      type: instance_step
      from: 1
      to: 3
      step: 1
      stepduration: 100ms`;
    const counts = await shot(pool('type: uri\nfile: ammo.uri', { loads }));
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      12,
    );
  });

  for (const discard of [true, false]) {
    it(`discard_overflow: ${discard} ${discard ? 'discards what is 2 s late' : 'shoots all, however late'}`, async () => {
      bench.write('ammo.uri', '/delay/2200 slow\n');
      const loads = `
    discard_overflow: ${discard}
    rps: {type: once, times: 2}
    startup: {type: once, times: 1}`;
      const expected = discard ? { 'slow 0 200': 1, 'discarded 777 0': 1 } : { 'slow 0 200': 2 };
      assert.deepEqual(await shot(pool('type: uri\nfile: ammo.uri', { loads })), expected);
    });
  }
});
