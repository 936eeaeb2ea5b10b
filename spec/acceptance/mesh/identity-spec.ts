import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Target } from '../../../lib/target/target.js';
import { atTarget } from '../atTarget.js';
import { type Bench, phoutRows } from '../elpis.js';
import { Fleet } from './fleet.js';
import { NatsServer } from './natsServer.js';

interface Summary {
  readonly seed: number;
  readonly pools: readonly {
    readonly planned: unknown;
    readonly total: Readonly<Record<string, unknown>>;
    readonly tags: readonly { readonly tag: string; readonly shots: number; readonly badStatus: number }[];
    readonly threads?: readonly { readonly shots: number }[];
  }[];
}

describe('elpis run on several machines', () => {
  const nats = new NatsServer();
  let fleet: Fleet;
  let target: Target;
  let bench: Bench;
  before(async () => {
    await nats.start();
    fleet = new Fleet(nats);
    for (let i = 0; i < 4; i++)
      await fleet.add({
        args: i === 0 ? ['--allow', 'modules', '--allow', 'env=TAG'] : ['--allow', 'modules'],
        env: { TAG: 'tagged' },
      });
  });
  after(async () => {
    await fleet.stop();
    await nats.remove();
  });
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  /** Ammo with chance, an operator of the user in a module with a module of its own, and a schedule with chance. */
  const config = (more = ''): string => `
pools:
  - id: main
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo: {type: uri, file: ammo/a.uri}
    result: [{type: phout, destination: p.log, id: true}]
    rps: [{type: line, from: 20, to: 200, duration: 2s}, {type: once, times: 9}]
    startup: {type: once, times: 24}
    operators: {ticks: [{type: poisson, seed: 5}], shots: [{use: ./thin.ts}]}
${more}`;

  const write = (): void => {
    bench.write('every.ts', 'export const every = 7;\n');
    bench.write(
      'thin.ts',
      `import { defineOperator, struct } from 'elpis';
import { filterPulled } from 'elpis/operators';
import { every } from './every.js';
export default defineOperator('shots', {
  name: 'thin', summary: 'Drops one operation in seven.', options: struct('thin', {}),
  create: () => filterPulled(({ index }) => index % every !== 3),
});
`,
    );
  };

  const ids = (rows: readonly (readonly string[])[]): readonly string[] => rows.map((row) => String(row[1])).sort();

  const counts = ({ pools: [pool] }: Summary): unknown => [
    pool?.planned,
    pool?.total.shots,
    pool?.total.badStatus,
    pool?.total.unfinished,
    pool?.total.receivedBytes,
    pool?.tags.map(({ tag, shots, badStatus }) => [tag, shots, badStatus]).sort(),
  ];

  it('the counts at the server, the rows of phout and the summary are those of the single run', async () => {
    write();
    await bench.shell(`mkdir -p ammo && printf '/ a\\n/ b\\n/status/404 c\\n/ d\\n/ e\\n' > ammo/a.uri`);
    bench.write('load.yaml', config());
    const single = await bench.run(['load.yaml', '-q', '--seed', '9', '--summary-json', 'single.json']);
    assert.equal(single.code, 0, single.stderr);
    const atServer = { ...target.stats() };
    const alone = ids(phoutRows(bench.read('p.log')));
    const options = [...nats.options('coordinator'), '--workers', '4', '--seed', '9', '--summary-json', 'shared.json'];
    const shared = await bench.run(['load.yaml', ...options]);
    assert.equal(shared.code, 0, shared.stderr + fleet.workers.map(({ log }) => log()).join(''));
    assert.equal(target.stats().total, 2 * atServer.total);
    assert.deepEqual(ids(fleet.phout()), alone);
    assert.ok(alone.length > 150, String(alone.length));
    const [one, four] = ['single.json', 'shared.json'].map((file) => JSON.parse(bench.read(file)) as Summary);
    assert.ok(one !== undefined && four !== undefined);
    assert.deepEqual(counts(four), counts(one));
    assert.equal(four.pools[0]?.threads?.length, 4);
    assert.match(shared.stdout + shared.stderr, /4 files, 0\.\d+ MB, for 4 workers/);
    assert.match(shared.stdout + shared.stderr, /is ready, clock -?\d+\.\d\d ms ± \d+\.\d\d ms/);
  });
});
