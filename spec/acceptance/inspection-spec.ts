import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { config } from './config.js';
import { Bench } from './elpis.js';

describe('the commands that do not shoot', () => {
  let bench: Bench;
  before(() => {
    bench = new Bench();
    bench.write(
      'load.yaml',
      config('127.0.0.1:1', { rps: '[{type: line, from: 0, to: 10, duration: 10s}, {type: unlimited, duration: 1s}]' }),
    );
    bench.write(
      'fixed.yaml',
      config('127.0.0.1:1', {
        rps: '[{type: const, ops: 3, duration: 1s}, {type: once, times: 2}]',
        uris: '"[X-A: b]", "/é?q=1 tag one"',
      }),
    );
  });
  after(() => bench.remove());

  it('check --json', async () => {
    const { stdout } = await bench.run(['check', 'load.yaml', '--json']);
    assert.deepEqual(JSON.parse(stdout), {
      pools: [{ id: 'main', rpsPerInstance: false, discardOverflow: true, startupTokens: 5, rpsTokens: -1 }],
      issues: [],
    });
  });

  it('plan --json and plan --ticks', async () => {
    const plan = await bench.run(['plan', 'fixed.yaml', '--json']);
    assert.deepEqual(JSON.parse(plan.stdout), {
      pools: [{ id: 'main', shots: 5, durationMs: 1000, peakPerSecond: 3 }],
    });
    const ticks = await bench.run(['plan', 'fixed.yaml', '--ticks', '4']);
    assert.deepEqual(
      ticks.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [0, 333.333333, 666.666666, 1000].map((offsetMs, index) => ({ pool: 'main', index, offsetMs })),
    );
  });

  it('plan draws a chart', async () => {
    const { stdout } = await bench.run(['plan', 'fixed.yaml']);
    assert.match(stdout, /shots +5/);
    assert.match(stdout, /█/);
  });

  it('ammo --json', async () => {
    const { stdout } = await bench.run(['ammo', 'fixed.yaml', '--limit', '2', '--json']);
    const request = {
      pool: 'main',
      tag: 'tag one',
      method: 'GET',
      requestTarget: '/%C3%A9?q=1',
      host: '',
      headers: { 'X-A': ['b'] },
      body: null,
    };
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { ...request, id: 1 },
        { ...request, id: 2 },
      ],
    );
  });

  it('plugins lists every kind; init writes a config that check accepts and does not overwrite', async () => {
    const { stdout } = await bench.run(['plugins']);
    for (const name of [
      'gun http',
      'provider uri',
      'schedule instance_step',
      'aggregator phout',
      'sink file',
      'source stdin',
      'middleware header/date',
    ])
      assert.ok(stdout.includes(name), name);
    assert.equal((await bench.run(['init', 'new.yaml'])).code, 0);
    assert.equal((await bench.run(['check', 'new.yaml'])).code, 0);
    assert.equal((await bench.run(['init', 'new.yaml'])).code, 2);
  });

  it('--version and --help', async () => {
    assert.match((await bench.run(['--version'])).stdout, /^elpis \d+\.\d+\.\d+\n$/);
    assert.match((await bench.run(['--help'])).stdout, /plugins/);
    for (const command of ['run', 'check', 'plan', 'ammo', 'init', 'plugins', 'target']) {
      assert.equal((await bench.run([command, '--help'])).code, 0);
    }
  });
});
