import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

const schema = JSON.parse(readFileSync(new URL('../../docs/summary.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

/** A scenario with a group, a check, and a metric of each kind. */
const SCENARIO = `
import { check, counter, gauge, get, group, rate, scenario, status, trend } from 'elpis/scenario';
export default scenario('visit', (visit) =>
  visit.pipe(
    group('home', (inside) => inside.pipe(get('root', '/'), check({ 'is there': status(200) }))),
    counter('pages'),
    gauge('depth', () => 3),
    rate('new', () => true),
    trend('size', () => 12.5),
  ),
);
`;

interface Summary {
  readonly pools: readonly Readonly<Record<string, unknown>>[];
}

describe('docs/summary.schema.json', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  }, 'describe');
  const address = (): string => `127.0.0.1:${target.port}`;

  const runs: readonly [sentence: string, text: () => string, keys: readonly string[]][] = [
    ['one thread', () => config(address()), ['planned', 'generator']],
    ['threads', () => config(address(), { extra: 'threads: 2' }), ['threads']],
    ['failures', () => config('127.0.0.1:1'), ['total']],
    [
      'discards',
      () =>
        config(address(), {
          uris: '"/delay/300 slow"',
          rps: '{type: once, times: 20}',
          startup: '{type: once, times: 1}',
        }),
      ['notShot'],
    ],
    [
      'scenarios with groups, checks and metrics',
      () => `pools:
  - id: main
    gun: {type: scenario, target: "${address()}"}
    ammo: {type: scenario, use: ./scenario.ts}
    result: {type: discard}
    rps: {type: once, times: 6}
    startup: {type: once, times: 2}
`,
      ['scenarios', 'metrics'],
    ],
    [
      'bad ammo that was skipped',
      () =>
        config(address(), { uris: '"/ one", "/%", "/%", "/ two"' }).replace(
          'type: uri,',
          'type: uri, passes: 30, continueonerror: true,',
        ),
      ['badAmmo'],
    ],
    ['an unlimited schedule', () => config(address(), { rps: '{type: unlimited, duration: 300ms}' }), ['instances']],
  ];
  for (const [sentence, text, keys] of runs) {
    it(`is what a summary has: ${sentence}`, async () => {
      bench.write('scenario.ts', SCENARIO);
      bench.write('load.yaml', text());
      const { code, stderr } = await bench.run(['run', 'load.yaml', '--quiet', '--summary-json', 's.json']);
      assert.equal(code, 0, stderr);
      const summary = JSON.parse(bench.read('s.json')) as Summary;
      assert.ok(validate(summary), JSON.stringify(validate.errors, null, 2));
      for (const key of keys) assert.ok(summary.pools[0]?.[key] !== undefined, key);
      const [first] = summary.pools;
      assert.ok(!validate({ ...summary, pools: [{ ...first, unknown: 1 }] }), 'a key that it does not have is refused');
    });
  }
});
