import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Bench } from './elpis.js';
import { RECORD_LOADS } from './recordLoads.js';

describe('the log of a run', () => {
  let server: Server;
  let bench: Bench;
  let requests: number[];
  beforeEach(async () => {
    bench = new Bench();
    requests = [];
    server = createServer((_request, response) => {
      requests.push(Date.now());
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    bench.remove();
  });

  const config = (more: string): string => {
    const { port } = server.address() as AddressInfo;
    return `
pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${port}"}
    ammo: {type: uri, uris: ["/ a"]}
    result: [{type: phout, destination: p.log}, {type: csv, sink: s.csv}, {type: jsonlines, sink: j.log}]
    rps: {type: const, ops: 50, duration: 1300ms}
    startup: {type: once, times: 5}
${more}`;
  };

  it('at level debug in a file has the start and the end of the run and of each pool, and each window', async () => {
    bench.write('load.yaml', config('log: {level: debug, file: run.log}'));
    const { code, stderr } = await bench.run(['run', 'load.yaml', '-q']);
    assert.equal(code, 0, stderr);
    const lines = bench
      .read('run.log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const messages = lines.map(({ msg }) => msg);
    assert.deepEqual([messages[0], messages.at(-1)], ['run started', 'run finished']);
    for (const message of ['pool started', 'result written', 'pool finished']) assert.ok(messages.includes(message));
    const ended = lines.filter(({ msg }) => msg === 'window').map((line) => Number(line.ended));
    assert.equal(
      ended.reduce((sum, count) => sum + count, 0),
      65,
    );
  });

  it('at level info has no such lines', async () => {
    bench.write('load.yaml', config('log: {file: run.log}'));
    assert.equal((await bench.run(['run', 'load.yaml', '-q'])).code, 0);
    assert.equal(bench.read('run.log'), '');
  });

  for (const [what, more, args] of [
    ['with warnings on a stream', 'monitoring: {expvar: {enabled: true, port: 43127}}', []],
    ['with warnings in a file', 'log: {level: debug, file: run.log}', ['--summary-json', 's.json']],
    ['in two threads', '', ['--threads', '2']],
  ] as const) {
    it(`needs no module that is loaded after the first shot, ${what}`, async () => {
      const preload = bench.write('noteLoads.mjs', RECORD_LOADS);
      // A condition with a tag that no sample has is a warning at the end; stopping a pool is a warning during the run.
      bench.write(
        'warns.ts',
        `import { defineOperator, struct } from 'elpis';
import { tap } from 'rxjs';
export default defineOperator('samples', {
  name: 'warns', summary: 'Warns.', options: struct('warns', {}),
  create: (_config, { log }) => {
    let count = 0;
    return tap(() => { if (++count === 20) log.warn('twenty', { count }); });
  },
});
`,
      );
      bench.write(
        'load.yaml',
        config(`plugins: [./warns.ts]\n${more}`).replace(
          'startup:',
          'operators: {samples: [{type: warns}]}\n    startup:',
        ),
      );
      const { code, stdout, stderr } = await bench.run(['run', 'load.yaml', ...args], {
        env: {
          LOADS: join(bench.folder, 'loads'),
          NODE_OPTIONS: `--import ${pathToFileURL(join(bench.folder, preload))}`,
        },
      });
      assert.equal(code, 0, stderr);
      assert.match(`${stdout}${more.includes('run.log') ? bench.read('run.log') : ''}`, /twenty/);
      const loads = bench
        .read('loads')
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      assert.ok(loads.length > 20, 'the hooks note what is loaded');
      const [first = 0] = requests;
      assert.deepEqual(
        loads.filter(([at]) => Number(at) > first).map(([, name]) => name),
        [],
      );
    });
  }
});
