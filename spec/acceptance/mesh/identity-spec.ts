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
  - id: rows
    gun: {type: http, target: "127.0.0.1:${target.port}"}
    ammo:
      type: uri
      uris: ["/next/{{next.name}}", "/unique/{{unique.name}}", "/random/{{random.name}}"]
      data: {next: {csv: users.csv}, unique: {csv: users.csv, strategy: unique}, random: {csv: users.csv, strategy: random}}
      limit: 45
    result: {type: discard}
    rps: {type: once, times: 45}
    startup: {type: once, times: 8}
  - id: story
    gun: {type: scenario, target: "127.0.0.1:${target.port}"}
    ammo: {type: scenario, use: ./story.ts}
    result: {type: discard}
    rps: {type: once, times: 40}
    startup: {type: once, times: 8}
${more}`;

  const write = (): void => {
    bench.write('users.csv', `name\n${Array.from({ length: 45 }, (_, i) => `user${i}`).join('\n')}\n`);
    bench.write(
      'story.ts',
      `import { feed, generatorFeeder, get, rowsFeeder, scenario } from 'elpis/scenario';
const users = rowsFeeder('users', Array.from({ length: 45 }, (_, user) => ({ user })), { strategy: 'unique' });
const chance = generatorFeeder((_, random) => ({ chance: Math.floor(random() * 1e6) }));
const story = (name: string) => scenario(name, (flow) => flow.pipe(
  feed(users), feed(chance), get('any', ({ user, chance }) => '/' + name + '/' + user + '/' + chance),
));
export default [{ scenario: story('often'), weight: 3 }, { scenario: story('seldom'), weight: 1 }];
`,
    );
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

  const counts = ({ pools }: Summary): unknown =>
    pools.map(({ planned, total, tags }) => [
      ...[planned, total.shots, total.badStatus, total.unfinished, total.receivedBytes],
      tags.map(({ tag, shots, badStatus }) => [tag, shots, badStatus]).sort(),
    ]);

  /** The paths of requests that match, each with its count in each of so many runs. */
  const pathsOf = ({ paths }: ReturnType<Target['stats']>, wanted: RegExp, runs = 1): readonly string[] =>
    Object.entries(paths)
      .filter(([path]) => wanted.test(path))
      .map(([path, count]) => `${path} ${count / runs}`)
      .sort();

  it('the counts at the server, the rows of phout and the summary are those of the single run', async () => {
    write();
    await bench.shell(`mkdir -p ammo && printf '/ a\\n/ b\\n/status/404 c\\n/ d\\n/ e\\n' > ammo/a.uri`);
    bench.write('load.yaml', config());
    const single = await bench.run(['load.yaml', '-q', '--seed', '9', '--summary-json', 'single.json']);
    assert.equal(single.code, 0, single.stderr);
    const atServer = target.stats();
    const rows = pathsOf(atServer, /^\/(next|unique|random)\//);
    assert.ok(rows.includes('/unique/user1 1') && rows.includes('/next/user0 1'), rows.join());
    const stories = pathsOf(atServer, /^\/(often|seldom)\//);
    assert.deepEqual([stories.length, stories.filter((path) => path.startsWith('/seldom')).length], [40, 10]);
    const alone = ids(phoutRows(bench.read('p.log')));
    const options = [...nats.options('coordinator'), '--workers', '4', '--seed', '9', '--summary-json', 'shared.json'];
    const shared = await bench.run(['load.yaml', ...options]);
    assert.equal(shared.code, 0, shared.stderr + fleet.workers.map(({ log }) => log()).join(''));
    assert.equal(target.stats().total, 2 * atServer.total);
    assert.deepEqual(pathsOf(target.stats(), /./, 2), pathsOf(atServer, /./), 'rows, scenarios and random values');
    assert.deepEqual(ids(fleet.phout()), alone);
    assert.ok(alone.length > 150, String(alone.length));
    const [one, four] = ['single.json', 'shared.json'].map((file) => JSON.parse(bench.read(file)) as Summary);
    assert.ok(one !== undefined && four !== undefined);
    assert.deepEqual(counts(four), counts(one));
    assert.equal(four.pools[0]?.threads?.length, 4);
    assert.match(shared.stdout + shared.stderr, /6 files, 0\.\d+ MB, for 4 workers/);
    assert.match(shared.stdout + shared.stderr, /is ready, clock -?\d+\.\d\d ms ± \d+\.\d\d ms/);
  });
});
