import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { elpis } from './inProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-overrides-'));
after(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const LOAD = write(
  'load.yaml',
  `pools:
  - id: one
    gun: {type: http, target: "127.0.0.1:1"}
    ammo: {type: uri, uris: [/]}
    result: {type: discard}
    rps:
      - {type: line, from: 10, to: 20, duration: 10s}
      - {type: const, ops: 20, duration: 10s}
      - {type: once, times: 5}
    startup: {type: once, times: 2}
`,
);
const CLOSED = write(
  'closed.yaml',
  `pools:
  - gun: {type: http, target: "127.0.0.1:1"}
    ammo: {type: uri, uris: [/]}
    result: {type: discard}
    rps: {type: unlimited, duration: 10s}
    startup: {type: once, times: 2}
`,
);
const MODULE = write(
  'load.mjs',
  `import { http } from 'elpis';
export default { pools: [{ gun: http({ target: '127.0.0.1:1' }), ammo: { type: 'uri', uris: ['/'] }, result: { type: 'discard' }, rps: { type: 'once', times: 1 }, startup: { type: 'once', times: 1 } }] };
`,
);

interface Planned {
  readonly shots: number;
  readonly durationMs: number;
  readonly peakPerSecond: number;
}

describe('options that change a config for one run', () => {
  const plans: readonly [sentence: string, file: string, args: readonly string[], planned: Partial<Planned>][] = [
    ['without them the plan is the file', LOAD, [], { shots: 355, durationMs: 20_000 }],
    ['--rate-scale multiplies every rate, and bursts', LOAD, ['--rate-scale', '2'], { shots: 710, durationMs: 20_000 }],
    ['--rate-scale below 1', LOAD, ['--rate-scale', '0.1'], { shots: 35, durationMs: 20_000 }],
    [
      '--duration keeps the rates, so the operations are fewer in proportion',
      LOAD,
      ['--duration', '2s'],
      { shots: 35, durationMs: 2000 },
    ],
    ['both together', LOAD, ['--duration', '2s', '--rate-scale', '10'], { shots: 355, durationMs: 2000 }],
    ['--duration of a closed loop', CLOSED, ['--duration', '1m'], { shots: -1, durationMs: 60_000 }],
    ['--set of one value', LOAD, ['--set', 'pools.0.rps.1.ops=40'], { shots: 555 }],
    ['--set takes brackets, and keys in any spelling', LOAD, ['--set', 'Pools[0].RPS[1].Ops=40'], { shots: 555 }],
    ['--set of a whole value, as JSON', LOAD, ['--set', 'pools.0.rps={"type": "once", "times": 7}'], { shots: 7 }],
    ['--set of a whole value, as YAML', LOAD, ['--set', 'pools.0.rps={type: once, times: 7}'], { shots: 7 }],
    [
      '--set twice: the later has priority',
      LOAD,
      ['--set', 'pools.0.rps.2.times=1', '--set', 'pools.0.rps.2.times=2'],
      { shots: 352 },
    ],
    ['--set of a key that the file does not have', LOAD, ['--set', 'pools.0.rps-per-instance=true'], { shots: 355 }],
    ['--set below a map that the file does not have', LOAD, ['--set', 'monitoring.expvar.port=1235'], { shots: 355 }],
    [
      '--set in a config in code, of a whole component',
      MODULE,
      ['--set', 'pools.0.gun={type: http, target: "a:1"}'],
      { shots: 1 },
    ],
  ];
  for (const [sentence, file, args, expected] of plans)
    it(sentence, async () => {
      const { code, stdout, stderr } = await elpis(['plan', file, '--json', ...args]);
      assert.equal(code, 0, stderr);
      const [plan] = (JSON.parse(stdout) as { pools: Planned[] }).pools;
      assert.deepEqual({ ...plan, ...expected }, plan);
    });

  it('--duration keeps the peak rate, --rate-scale multiplies it', async () => {
    const peak = async (...args: string[]): Promise<number> => {
      const { stdout } = await elpis([
        'plan',
        LOAD,
        '--json',
        '--set',
        'pools.0.rps=[{type: line, from: 10, to: 20, duration: 10s}]',
        ...args,
      ]);
      return Math.round((JSON.parse(stdout) as { pools: [Planned] }).pools[0].peakPerSecond);
    };
    assert.deepEqual([await peak(), await peak('--duration', '1h'), await peak('--rate-scale', '3')], [20, 20, 60]);
  });

  it('check and plan show the changed values', async () => {
    const { stdout } = await elpis(['check', LOAD, '--rate-scale', '2', '--duration', '90s']);
    assert.match(stdout, /^ {2}rps .*\(rate x 2, in 90 s\)$/m);
  });

  const errors: readonly [args: readonly string[], error: RegExp, file?: string][] = [
    [
      ['--set', 'pools.0.rps.1.ops=fast'],
      /^ERROR {2}--set pools\.0\.rps\.1\.ops {2}pools\[0\]\.rps\[1\]\.ops: expected .*got "fast"/,
    ],
    [
      ['--target', 'shop'],
      /^ERROR {2}--target {2}pools\[0\]\.gun\.target: expected host:port.*got "shop" \(add a port: shop:80\)/,
    ],
    [['--set', 'pools.0.gun={type: http}'], /^ERROR {2}--set pools\.0\.gun {2}pools\[0\]\.gun\.target: missing/],
    [
      ['--set', 'pools.0.gn.target=a:1'],
      /^ERROR {2}--set pools\.0\.gn\.target {2}pools\[0\]\.gn: unknown key; .*\(did you mean gun\?\)/,
    ],
    [['--set', 'pols.0.gun=1'], /^ERROR {2}--set pols\.0\.gun {2}pols: unknown key; .*\(did you mean pools\?\)/],
    [
      ['--set', 'pools.0.gun.targt=a:1'],
      /^ERROR {2}--set pools\.0\.gun\.targt {2}pools\[0\]\.gun\.targt: unknown key; .*\(did you mean target\?\)/,
    ],
    [['--set', 'pools.1.id=x'], /^ERROR {2}--set pools\.1\.id: pools has no item 1\nhint {3}its only item is 0\n/],
    [['--set', 'pools.first.id=x'], /^ERROR {2}--set pools\.first\.id: pools has no item first\n/],
    [
      ['--set', 'pools.0.id.x=1'],
      /^ERROR {2}--set pools\.0\.id\.x: pools\[0\]\.id is a single value, so it has no key x\n/,
    ],
    [
      ['--set', 'pools.0.gun.target=a:1'],
      /^ERROR {2}--set pools\.0\.gun\.target: pools\[0\]\.gun is made in code, so it has no key target\n/,
      MODULE,
    ],
    [['--set', 'x'], /^ERROR {2}--set x: expected a path and a value, such as /],
    [['--set', 'pools.0.id="x'], /^ERROR {2}--set pools\.0\.id: the value is neither YAML nor JSON\n/],
    [['--set', '__proto__.x=1'], /^ERROR {2}--set __proto__\.x {2}__proto__: unknown key/],
    [['--rate-scale', '0'], /^ERROR {2}--rate-scale: expected a number above 0, got "0"\n/],
    [['--rate-scale', '2'], /^ERROR {2}.*--rate-scale: a part of the schedule is unlimited, and has no rate\n/, CLOSED],
    [['--duration', '1'], /^ERROR {2}--duration: expected .*got "1"\nhint {3}add a unit: 1s or 1ms\n/],
    [
      ['--duration', '1s', '--set', 'pools.0.rps={type: once, times: 1}'],
      /^ERROR {2}.*--duration: the schedule is a burst, and has no duration\n/,
    ],
  ];
  for (const [args, error, file = LOAD] of errors)
    for (const name of ['check', 'plan'])
      it(`elpis ${name} refuses ${args.join(' ')}`, async () => {
        const { code, stderr } = await elpis([name, file, ...args]);
        assert.match(stderr, error);
        assert.equal(code, 2);
      });

  it('an issue in another place of the same file has its line', async () => {
    const { stderr } = await elpis([
      'check',
      write('wrong.yaml', 'pools: []\nthreads: many\n'),
      '--set',
      'log.level=loud',
    ]);
    assert.match(stderr, /wrong\.yaml:2:10 {2}threads: /);
    assert.match(stderr, /--set log\.level {2}log\.level: /);
  });

  it('check --json names the option', async () => {
    const { stdout } = await elpis(['check', LOAD, '--json', '--target', 'x']);
    const { issues } = JSON.parse(stdout) as { issues: { option?: string; line?: number }[] };
    assert.deepEqual(
      issues.map(({ option, line }) => [option, line]),
      [['--target', undefined]],
    );
  });

  it('rehearse has all of them except --target, which is its model', async () => {
    const args = ['rehearse', LOAD, '--target', 'constant(1ms)', '--duration', '2s', '--rate-scale', '10', '--json'];
    const { stdout } = await elpis(args);
    assert.match(stdout, /"shots":355\b/);
  });
});
