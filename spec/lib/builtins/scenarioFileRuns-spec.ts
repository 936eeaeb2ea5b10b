import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { filter, lastValueFrom } from 'rxjs';
import type { SummarySnapshot } from '../../../lib/measure/summary.js';
import { run } from '../../../lib/run/run.js';
import { startTarget, type Target } from '../../../lib/target/target.js';
import { GRPC, HTTP } from './scenarioFileTexts.js';

describe('a scenario file in a config', () => {
  let target: Target;
  let folder: string;
  beforeEach(async () => {
    target = await startTarget();
    folder = mkdtempSync(join(tmpdir(), 'elpis-scenario-runs-'));
  });
  afterEach(async () => {
    await target.close();
    rmSync(folder, { recursive: true });
  });

  interface Played {
    /** Lines of phout: tag, net code and proto code. */
    readonly lines: string[];
    readonly summary: SummarySnapshot;
    readonly answlog: string[];
  }

  /** Plays a file once, with one instance. */
  async function play(protocol: string, gun: string, extension: string, text: string): Promise<Played> {
    const plain = gun === 'http2/scenario' ? ', ssl: false' : '';
    writeFileSync(join(folder, `scenario.${extension}`), text);
    writeFileSync(
      join(folder, 'load.yaml'),
      `
pools:
  - gun: {type: ${gun}, target: "127.0.0.1:${target.port}"${plain}, answlog: {enabled: true, path: ${folder}/answ.log, filter: all}}
    ammo: {type: ${protocol}/scenario, file: ${folder}/scenario.${extension}, passes: 1}
    result: {type: phout, destination: ${folder}/phout.log}
    rps: {type: once, times: 100}
    startup: {type: once, times: 1}
`,
    );
    const events = run(join(folder, 'load.yaml'), { cwd: folder, env: {} });
    const end = await lastValueFrom(events.pipe(filter((event) => event.type === 'run-finished')));
    const rows = readFileSync(join(folder, 'phout.log'), 'utf8').trimEnd().split('\n');
    return {
      lines: rows.map((row) => row.split('\t')).map((columns) => `${columns[1]} ${columns[10]} ${columns[11]}`),
      summary: end.summaries[0] as SummarySnapshot,
      answlog: readFileSync(join(folder, 'answ.log'), 'utf8').trimEnd().split('\n'),
    };
  }

  const shop = ['shop.login 0 200', 'shop.list 0 200', 'shop.order 0 200', 'shop.add 0 200'];
  for (const [extension, text] of [
    ['hcl', GRPC.hcl],
    ['yaml', GRPC.yaml],
  ] as const) {
    it(`goes over gRPC, in ${extension}: a call uses earlier responses, and a failed one ends its scenario`, async () => {
      const { lines, summary, answlog } = await play('grpc', 'grpc/scenario', extension, text);
      assert.deepEqual(lines, [
        ...[...shop, ...shop],
        ...['code.stranger 0 401', 'code.refused|__EMPTY__ 0 0'],
        'text.greeting|__EMPTY__ 0 0',
        'unfit.field|__EMPTY__ 0 400',
        'unknown.method|__EMPTY__ 0 0',
      ]);
      const { paths } = target.stats();
      assert.deepEqual(
        ['target.TargetService/Auth', 'target.TargetService/List', 'target.TargetService/Hello', 'api.Adder/Add'].map(
          (path) => paths[`/${path}`],
        ),
        [2, 4, 1, 2],
      );
      assert.deepEqual([summary.scenarios?.ended, summary.total.ended], [6, 13]);
      // The target has responded to checks that fail; a call that is not sent has failed.
      assert.deepEqual([summary.total.bad, summary.total.failed], [3, 2]);
      const sent = answlog.flatMap((line) => /"metadata":(\{.*\})\}$/.exec(line)?.[1] ?? []);
      assert.deepEqual(sent, ['{"x-user":"user1"}', '{"x-user":"user2"}']);
      // Items begin at 1000 times the user; an order has 12345 more, and the sum one more.
      assert.deepEqual(
        answlog.flatMap((line) => /"resp":"result:(\d+)"/.exec(line)?.[1] ?? []),
        ['13349', '14349'],
      );
    });
  }

  it('goes over gRPC as docs/SCENARIO-FILES.md has it', async () => {
    const page = readFileSync('docs/SCENARIO-FILES.md', 'utf8');
    const [, text = ''] = /^```hcl grpc\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const { lines } = await play('grpc', 'grpc/scenario', 'hcl', text);
    assert.deepEqual(lines, ['visit.login 0 200', ...Array<string>(3).fill('visit.goods 0 200')]);
  });

  const visit = ['shop.goods 0 200', 'shop.echo 0 200', 'shop.echo 0 200'];
  for (const [gun, extension, text] of [
    ['http/scenario', 'hcl', HTTP.hcl],
    ['http/scenario', 'yaml', HTTP.yaml],
    ['http2/scenario', 'hcl', HTTP.hcl],
    ['http2/scenario', 'yaml', HTTP.yaml],
  ] as const) {
    it(`goes over ${gun}, in ${extension}: a request uses earlier responses, and a failed one ends its scenario`, async () => {
      const { lines, summary } = await play('http', gun, extension, text);
      assert.deepEqual(lines, [...visit, ...visit, 'code.absent 0 404', 'code.refused|__EMPTY__ 999 0']);
      const { paths } = target.stats();
      assert.deepEqual([paths['/goods'], paths['/echo'], paths['/status/404']], [2, 4, 2]);
      assert.deepEqual([summary.scenarios?.ended, summary.total.ended], [3, 8]);
    });
  }

  for (const [gun, protocol, text] of [
    ['grpc/scenario', 'http', HTTP.hcl],
    ['http/scenario', 'grpc', GRPC.hcl],
    ['http2/scenario', 'grpc', GRPC.hcl],
  ] as const) {
    it(`the gun ${gun} refuses scenarios over ${protocol} before the run`, async () => {
      await assert.rejects(play(protocol, gun, 'hcl', text), (error: Error) => {
        const refused = `ammo, which the gun ${gun} can shoot (${protocol}/scenario makes ${protocol}/scenario ammo)`;
        assert.ok(error.message.includes(refused), error.message);
        return true;
      });
      assert.equal(target.stats().total, 0);
    });
  }
});
