import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { main } from '../../../lib/cli/main.js';
import { poolOf } from '../rehearsal/poolOf.js';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
const phout = join(folder, 'phout.log');

async function rehearse(pool: Record<string, unknown>, ...args: readonly string[]) {
  return rehearseAll({ pools: [poolOf({ id: 'main', ...pool })] }, ...args);
}

async function rehearseAll(all: Record<string, unknown>, ...args: readonly string[]) {
  const config = join(folder, 'load.json');
  writeFileSync(config, JSON.stringify(all));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = [text(stdout), text(stderr)];
  const io = { stdin: Readable.from([]), stdout, stderr, env: { NO_COLOR: '1' } };
  const code = await main(['rehearse', config, ...args], io, new EventEmitter());
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await Promise.all(printed);
  return { code, stdout: out, stderr: err };
}

describe('elpis rehearse', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('prints the summary of the run, and the results of the schedule, the instances and the ammo', async () => {
    const { code, stdout } = await rehearse({}, '--target', 'constant(20ms)');
    assert.equal(code, 0);
    assert.match(stdout, /^VALID: 1,000 operations ended, .*\n\nPool main\n {2}shots {2}1,000 of 1,000 planned/);
    const [, report = ''] = stdout.split('Rehearsal: ');
    const lines = report.split('\n').slice(0, 7);
    assert.deepEqual(lines, [
      '1.0 s of virtual time against constant(20ms), seed 1',
      '',
      'main',
      '  schedule   all 1,000 planned operations started',
      '  instances  20 of 100 were busy at once, first at 0.0 s',
      '  ammo       enough for the whole run',
      '  overflow   none: no operation waits for an instance',
    ]);
    assert.match(
      report,
      /planned\n1000\/s ┤█+[\s\S]*started\n1000\/s ┤[\s\S]*finished\n1000\/s ┤[\s\S]*└─+\n +0 s +1\.02 s\n$/,
    );
  });

  it('prints how many instances are needed when there are too few, and when overflow begins', async () => {
    const { stdout } = await rehearse({ startup: { type: 'once', times: 5 } }, '--target', 'constant(20ms)');
    assert.match(stdout, /instances {2}5 of 5 were busy at once: 20 are needed so that no operation waits\n/);
    assert.match(
      stdout,
      /overflow {3}operations wait for an instance from 0\.0 s on, and are discarded from 0\.7 s on\n/,
    );
  });

  it('prints when no number of instances is enough', async () => {
    const slow = { rps: { type: 'const', ops: 20_000, duration: '1s' }, startup: { type: 'once', times: 5 } };
    const { stdout } = await rehearse(slow, '--target', 'constant(3s)');
    assert.match(
      stdout,
      /5 of 5 were busy at once, and 10,000 would not be enough: the target is slower than the schedule\n/,
    );
  });

  it('shows when the ammo runs out, and how many operations were not started', async () => {
    const { stdout } = await rehearse({ ammo: { type: 'uri', uris: ['/'], limit: 300 } }, '--target', 'constant(1ms)');
    assert.match(stdout, /schedule {3}300 of 1,000 planned operations started, 700 were not\n/);
    assert.match(stdout, /ammo {7}runs out too early, at 0\.3 s\n/);
  });

  it('writes result files only with --write-results', async () => {
    writeFileSync(phout, 'of a real run\n');
    const pool = { result: { type: 'phout', destination: phout } };
    await rehearse(pool, '--target', 'constant(1ms)');
    assert.equal(readFileSync(phout, 'utf8'), 'of a real run\n');
    await rehearse(pool, '--target', 'constant(1ms)', '--write-results');
    assert.equal(readFileSync(phout, 'utf8').split('\n').length, 1001);
    const { stdout } = await rehearse({}, '--target', `fit:${phout}`);
    assert.match(stdout, /against fit:/);
    assert.ok(existsSync(phout));
  });

  it('prints nothing else to standard output when results are written there', async () => {
    const pool = { result: { type: 'phout', destination: '' } };
    const { stdout, stderr } = await rehearse(pool, '--target', 'constant(1ms)', '--write-results');
    assert.equal(stdout.split('\n').length, 1001);
    assert.match(stderr, /^VALID: .*\n\nPool main\n[\s\S]*Rehearsal: /);
  });

  it('writes no samples of whole scenarios when the gun of the config writes none', async () => {
    const file = join(folder, 'scenario.yaml');
    writeFileSync(file, 'requests: [{name: a}, {name: b}]\nscenarios: [{name: s, requests: [a, b]}]\n');
    const pool = {
      gun: { type: 'http/scenario', target: 'localhost:80' },
      ammo: { type: 'http/scenario', file },
      rps: { type: 'once', times: 1 },
      result: { type: 'phout', destination: '' },
    };
    const { stdout } = await rehearse(pool, '--target', 'constant(1ms)', '--write-results');
    const tags = stdout.split('\n').map((line) => line.split('\t')[1]?.replace(/#.*/, '') ?? '');
    assert.deepEqual(tags, ['s.a', 's.b', '']);
  });

  it('the same seed gives the same text, and another seed another text', async () => {
    const [once, again, other] = await Promise.all(
      ['1', '1', '2'].map((seed) => rehearse({}, '--target', 'lognormal(median=9ms, p99=60ms)', '--seed', seed)),
    );
    assert.equal(once?.stdout, again?.stdout);
    assert.notEqual(once?.stdout.replace('seed 1', ''), other?.stdout.replace('seed 2', ''));
  });

  it('prints JSON', async () => {
    const { stdout } = await rehearse({ startup: { type: 'once', times: 5 } }, '--target', 'constant(20ms)', '--json');
    const { pools, ...all } = JSON.parse(stdout);
    assert.deepEqual([all.target, all.seed, all.error, all.summary.pools.length], ['constant(20ms)', 1, null, 1]);
    const [{ pool, instancesNeeded, instancesForNoWait, overflowFrom, rates }] = pools;
    assert.deepEqual([pool, instancesNeeded, instancesForNoWait, overflowFrom], ['main', 5, 20, 5]);
    assert.deepEqual(Object.keys(rates), ['slotMs', 'planned', 'started', 'finished']);
  });

  it('ends after --until', async () => {
    const endless = { rps: { type: 'unlimited', duration: '24h' } };
    const { stdout } = await rehearse(endless, '--target', 'constant(10ms)', '--until', '100ms');
    assert.match(stdout, /Rehearsal: 0\.1 s of virtual time/);
    assert.match(stdout, /1,000 operations started; their planned number is unknown/);
  });

  const refused: readonly [sentence: string, args: readonly string[], message: RegExp][] = [
    ['no model', [], /required option '--target <model>' not specified/],
    ['an unknown model', ['--target', 'constant(1ms) + nonsense'], /--target, column 17: expected a model \(const/],
    ['a missing phout file', ['--target', 'fit:nowhere.log'], /nowhere\.log cannot be read: ENOENT/],
    [
      'an invalid duration',
      ['--target', 'constant(1ms)', '--until', 'noon'],
      /--until: expected .*duration.*, got "noon"/,
    ],
  ];
  for (const [sentence, args, message] of refused) {
    it(`refuses ${sentence}`, async () => {
      const { code, stdout, stderr } = await rehearse({}, ...args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }

  it('refuses an invalid config with 2, and ends with 1 after the summary when the run fails', async () => {
    assert.equal((await rehearse({ gun: { type: 'nogun' } }, '--target', 'constant(1ms)')).code, 2);
    const overflow = { overflow: 'abort', startup: { type: 'once', times: 5 } };
    const { code, stdout, stderr } = await rehearse(overflow, '--target', 'constant(20ms)');
    assert.equal(code, 1);
    assert.match(stdout, /^[A-Z]+: .*\n[\s\S]*\nPool main\n/);
    assert.match(stderr, /^ERROR {2}pool "main"/m);
  });

  it('runs the observers of the config; those that write files only with --write-results', async () => {
    const file = join(folder, 'summary.json');
    const all = {
      pools: [poolOf({ id: 'main', rps: { type: 'const', ops: 10, duration: '12s' } })],
      observers: [{ type: 'live-line' }, { type: 'summary-json', file }, { type: 'summary-text' }],
    };
    const { code, stdout, stderr } = await rehearseAll(all, '--target', 'constant(1ms)', '--json');
    assert.equal(code, 0, stderr);
    assert.equal(stderr.match(/10\.0\/s/g)?.length, 4, 'planned and achieved, after 5 and 10 s of virtual time');
    assert.equal(JSON.parse(stdout).pools.length, 1, 'nothing else is on stdout');
    assert.equal(existsSync(file), false);
    await rehearseAll(all, '--target', 'constant(1ms)', '--write-results');
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).pools[0].total.shots, 120);
  });

  it('an observer of the config that cannot start fails the rehearsal before it runs', async () => {
    const all = {
      pools: [poolOf({ id: 'main' })],
      observers: [{ type: 'summary-json', file: folder }],
    };
    const { code, stderr } = await rehearseAll(all, '--target', 'constant(1ms)', '--write-results');
    assert.equal(code, 2);
    assert.match(stderr, /cannot write .*: it is a directory/);
  });
});
