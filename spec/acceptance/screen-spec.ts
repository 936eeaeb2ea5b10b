import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';
import { Tmux } from './tmux.js';

/** Ends the process by itself, and prints to stdout before. */
const EXITS = `import { component, struct } from 'elpis';
export default component({
  kind: 'observer', name: 'exits', summary: 'Ends the process.', options: struct('exits', {}),
  create: () => (events) => {
    console.log('hello from a module');
    setTimeout(() => { console.log('late text'); process.exit(7); }, 1500);
    return events.pipe((source) => source);
  },
});
`;
/** Blocks the event loop for ever. */
const BLOCKS = EXITS.replace('process.exit(7)', 'for (;;);').replaceAll('exits', 'blocks');
const THROWS = EXITS.replace('process.exit(7)', "throw new Error('thrown by a timer')").replaceAll('exits', 'throws');

describe('the terminal screen', () => {
  let target: Target;
  let bench: Bench;
  let terminal: Tmux | undefined;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });
  afterEach(() => terminal?.close());

  const open = (more: { duration?: string; extra?: string; columns?: number; rows?: number } = {}): Tmux => {
    const { duration = '60s', extra = '', ...size } = more;
    const rps = `[{type: const, ops: 50, duration: ${duration}}, {type: const, ops: 100, duration: 10s}]`;
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`, { rps, extra }));
    terminal = new Tmux(bench.folder, size);
    return terminal;
  };
  /** The terminal is as it was: no alternate page, a cursor, no raw keys. */
  const restored = async (tmux: Tmux): Promise<void> => {
    assert.deepEqual([tmux.get('alternate_on'), tmux.get('cursor_flag'), tmux.get('wrap_flag')], ['0', '1', '1']);
    tmux.type('clear; echo back-$((40+2))', 'Enter');
    assert.match(await tmux.shows(/back-42/), /echo back-\$|back-42/);
    tmux.type('stty -a', 'Enter');
    assert.match(await tmux.shows(/icanon/), /(?<!-)icanon[\s\S]*(?<!-)echo\b/);
  };

  it('shows the run, and leaves the summary on the normal page', { timeout: 90_000 }, async () => {
    const tmux = open();
    tmux.start('run load.yaml --set pools.0.rps="{type: const, ops: 50, duration: 4s}"');
    const text = await tmux.shows(/503 +\d+/);
    assert.match(text, /elpis +running +\d\d:\d\d of 00:04/);
    assert.match(text, /planned +\d\d\.\d/);
    assert.match(text, /p99 +[\d.]+/);
    assert.match(text, /one +\d+/);
    assert.equal(tmux.get('alternate_on'), '1');
    const end = await tmux.shows(/code 0/);
    assert.match(end, /lateness|shots|generator was/);
    await restored(tmux);
  });

  it('keys pause, change the rate, note and stop', { timeout: 90_000 }, async () => {
    const tmux = open();
    tmux.start('run load.yaml --threads 2');
    await tmux.shows(/503 +\d+/);
    tmux.type('p');
    await tmux.shows(/PAUSED/);
    await delay(500);
    const { total } = target.stats();
    await delay(1000);
    assert.equal(target.stats().total, total, 'no shots in a pause');
    tmux.type('p');
    await tmux.shows(/elpis +running/);
    tmux.type('>', '+');
    await tmux.shows(/x 1\.31/);
    tmux.type('n', 'warm', 'Enter');
    await tmux.shows(/remark +warm/);
    tmux.type('/', 'tw', 'Enter');
    await tmux.shows(/filter "tw"/);
    tmux.type('q');
    await tmux.shows(/stop the run\?/);
    tmux.type('y');
    await tmux.shows(/code 0/);
    await restored(tmux);
  });

  it('follows the size of the terminal', { timeout: 90_000 }, async () => {
    const tmux = open();
    tmux.start('run load.yaml');
    await tmux.shows(/503 +\d+/);
    tmux.resize(140, 45);
    assert.match(await tmux.shows(/ended and planned rate/), /last 00:\d\d/);
    tmux.resize(40, 9);
    const text = await tmux.shows(/^ elpis +running/m);
    assert.ok(text.split('\n').every((line) => line.length <= 40));
    tmux.resize(80, 24);
    await tmux.shows(/operations per second/);
    tmux.type('C-c');
    await tmux.shows(/code 130/);
    await restored(tmux);
  });

  it('Ctrl-C drains, SIGTERM too, and the terminal is restored', { timeout: 90_000 }, async () => {
    const tmux = open();
    tmux.start('run load.yaml');
    await tmux.shows(/503 +\d+/);
    process.kill(tmux.child, 'SIGTERM');
    const text = await tmux.shows(/code 143/);
    assert.match(text, /shots|status|generator/);
    await restored(tmux);
  });

  it('is suspended by Ctrl-Z, and continued by fg', { timeout: 90_000 }, async () => {
    const tmux = open();
    tmux.start('run load.yaml');
    await tmux.shows(/503 +\d+/);
    tmux.type('C-z');
    await tmux.shows(/Stopped/);
    assert.deepEqual([tmux.get('alternate_on'), tmux.get('cursor_flag')], ['0', '1']);
    tmux.type('fg', 'Enter');
    await tmux.shows(/operations per second/);
    tmux.type('q', 'y');
    await tmux.shows(/generator was|trust these times|Seed/);
    await restored(tmux);
  });

  for (const [sentence, module, code, shown] of [
    ['ends the process', EXITS, 7, /late text/],
    ['throws in a timer', THROWS, 1, /thrown by a timer/],
  ] as const)
    it(`restores the terminal when a module ${sentence}, and prints what it held back`, {
      timeout: 90_000,
    }, async () => {
      bench.write('module.mjs', module);
      const name = module === EXITS ? 'exits' : 'throws';
      const tmux = open({ extra: `plugins: [./module.mjs]\nobservers: [{type: ${name}}]\n` });
      tmux.start('run load.yaml');
      await tmux.shows(/operations per second/);
      const text = await tmux.shows(new RegExp(`code ${code}`));
      assert.match(text, shown);
      await restored(tmux);
    });

  it('restores the terminal before the watchdog kills a process that is blocked', { timeout: 90_000 }, async () => {
    bench.write('module.mjs', BLOCKS);
    const tmux = open({ extra: `plugins: [./module.mjs]\nobservers: [{type: blocks}]\n` });
    tmux.start('run load.yaml');
    await tmux.shows(/operations per second/);
    // It is blocked 1.5 s after its start.
    await delay(3000);
    tmux.type('C-c');
    await delay(300);
    tmux.type('C-c');
    const text = await tmux.shows(/code 137/);
    assert.match(text, /its event loop\s+is\s+blocked/);
    await restored(tmux);
  });

  it('plays a recorded run, with keys for the speed and the pause', { timeout: 90_000 }, async () => {
    const tmux = open({ duration: '8s' });
    const { code, stderr } = await bench.run(['run', 'load.yaml', '-q', '--record', 'run.elp']);
    assert.equal(code, 0, stderr);
    tmux.start('watch run.elp --speed 2');
    const text = await tmux.shows(/503 +\d+/);
    assert.match(text, /elpis +playing x 2 +00:\d\d of 00:18/);
    tmux.type('p');
    const clockOf = (shown: string): string | undefined => /PAUSED x 2 +(\d\d:\d\d)/.exec(shown)?.[1];
    const paused = clockOf(await tmux.shows(/PAUSED x 2/));
    await delay(1500);
    assert.equal(clockOf(tmux.text), paused, 'no time passes in a pause');
    tmux.type('>', '>', 'p');
    await tmux.shows(/playing x 3\.1/);
    tmux.type('q');
    await tmux.shows(/code 0/);
    await restored(tmux);
  });

  it('plays a recorded run in lines, too', { timeout: 60_000 }, async () => {
    open({ duration: '2s' }).close();
    await bench.run(['run', 'load.yaml', '-q', '--record', 'run.elp']);
    const { code, stderr } = await bench.run(['watch', 'run.elp', '--speed', '20', '--ui', 'lines']);
    assert.equal(code, 0);
    assert.match(stderr, /of 00:12/);
    const wrong = await bench.run(['watch', 'run.elp', '--ui', 'screen']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--ui screen: stderr is not a terminal/);
  });

  it('in the background there are lines, because a job must not read the terminal', { timeout: 90_000 }, async () => {
    const tmux = open();
    tmux.start('run load.yaml --set pools.0.rps="{type: const, ops: 50, duration: 10s}" & wait');
    await tmux.shows(/00:0\d of 00:10/);
    assert.equal(tmux.get('alternate_on'), '0');
    await tmux.shows(/Seed/);
  });

  it('--ui screen without a terminal is an error, and a pipe has a line a second without codes', {
    timeout: 60_000,
  }, async () => {
    open({ duration: '3s' }).close();
    const wrong = await bench.run(['run', 'load.yaml', '--ui', 'screen']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--ui screen: stderr is not a terminal/);
    const lines = await bench.run(['run', 'load.yaml', '--set', 'pools.0.rps={type: const, ops: 50, duration: 3s}']);
    assert.match(lines.stderr, /^00:01 of 00:03 .*\n00:0[23] of 00:03 /);
    assert.ok(!(lines.stderr + lines.stdout).includes('\x1b'), 'no escape codes');
    const slow = await bench.run([
      'run',
      'load.yaml',
      '--every',
      '2s',
      '--set',
      'pools.0.rps={type: const, ops: 50, duration: 3s}',
    ]);
    assert.match(slow.stderr, /^00:0[23] of 00:03 .*\n$/);
    const off = await bench.run([
      'run',
      'load.yaml',
      '--ui',
      'off',
      '--set',
      'pools.0.rps={type: const, ops: 50, duration: 2s}',
    ]);
    assert.deepEqual([off.stderr, off.code], ['', 0]);
    assert.match(off.stdout, /shots/);
  });
});
