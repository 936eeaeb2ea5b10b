import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { freePort } from '../../freePort.js';
import type { SummaryJson } from '../../../lib/report/summaryJson.js';
import type { Target } from '../../../lib/target/target.js';
import { atTarget } from '../atTarget.js';
import { eventually, RealBrowser, tablesOf } from '../browser.js';
import { config } from '../config.js';
import type { Bench } from '../elpis.js';
import { Tmux } from '../tmux.js';
import { Fleet } from './fleet.js';
import { NatsServer } from './natsServer.js';

/** Lateness of a busy machine must not decide these tests. */
const IGNORED = 'verdict: {ignore: [lateness, event-loop, busy, cpu, gc, stopped, threads, missed-rate]}';

describe('the views of a run on several machines', { timeout: 120_000 }, () => {
  const nats = new NatsServer();
  let fleet: Fleet;
  let browser: RealBrowser | undefined;
  let terminal: Tmux | undefined;
  let target: Target;
  let bench: Bench;
  before(async () => {
    await nats.start();
    fleet = new Fleet(nats);
    await Promise.all([fleet.add({ name: 'left' }), fleet.add({ name: 'right' })]);
  });
  after(async () => {
    await browser?.close();
    await fleet.stop();
    await nats.remove();
  });
  afterEach(() => terminal?.close());
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const load = (more: Parameters<typeof config>[1]): void => {
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`, { result: '{type: discard}', ...more }));
  };
  const mesh = (): readonly string[] => [...nats.options('coordinator'), '--workers', '2'];
  const summary = (name = 's.json') => JSON.parse(bench.read(name)) as SummaryJson;
  const pause = async (): Promise<void> => {
    const { total } = target.stats();
    await delay(700);
    assert.equal(target.stats().total, total, 'no shots in a pause');
  };

  it('screen, page, report and record show the workers; keys and buttons steer all of them; a threshold fails the run', async () => {
    load({
      ...{ uris: '"/ one", "/status/503 two"', rps: '{type: const, ops: 50, duration: 6s}' },
      ...{ startup: '{type: once, times: 8}', extra: IGNORED },
    });
    const outputs = '--record run.elp --report run.html --summary-json s.json --threshold "errors < 10%"';
    const tmux = new Tmux(bench.folder, { columns: 150, rows: 50 });
    terminal = tmux;
    const dashboard = `127.0.0.1:${await freePort()}`;
    tmux.start(`run load.yaml ${mesh().join(' ')} --dashboard ${dashboard} ${outputs}`);
    const screen = await tmux.shows(/503 +\d+[\s\S]*right-\w+ on \S+ +running/);
    assert.match(screen, /left-\w+ on \S+ +running +[\d.]+ +[\d.<]+ +[\d.]+ % +-?[\d.]+ ± [\d.]+ +\d+/);

    tmux.type('p');
    await tmux.shows(/PAUSED/);
    await delay(400);
    await pause();
    browser = new RealBrowser();
    const { page, complaints } = await browser.open(`http://${dashboard}/`);
    const pill = (text: string) => page.locator('header .pill').getByText(text).waitFor();
    const workers = async () => (await tablesOf(page))['The workers of the run'] ?? [];
    await pill('paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await pill('running');
    await eventually('two running workers', async () => {
      const rows = await workers();
      return rows.length === 3 && rows.slice(1).every((row) => /^(left|right)-\w+ on .+ \| running \|/.test(row));
    });
    await page.getByRole('button', { name: '+25 %' }).click();
    await tmux.shows(/x 1\.25/);
    await page.getByText('the run has ended; this page keeps its data').waitFor();
    await tmux.shows(/code 3/);

    assert.equal(target.stats().total, 300);
    const { pools, verdict } = summary();
    const tags = pools[0]?.tags.map(({ tag, shots, badStatus }) => `${tag} ${shots} ${badStatus}`).sort();
    assert.deepEqual(tags, ['one 150 0', 'two 150 150']);
    assert.equal(verdict?.level, 'VALID');
    assert.match(tmux.text, /1 of 1 threshold violated: errors < 10% was 50 %/);

    for (const file of ['run.elp', 'run.html', 's.json'])
      assert.doesNotMatch(bench.read(file), /for-coordinators|for-workers/, `no secret in ${file}`);
    const live = await tablesOf(page);
    assert.equal((await bench.run(['report', 'run.elp', '-o', 'replayed.html'])).code, 0);
    for (const file of ['run.html', 'replayed.html']) {
      const report = await browser.open(pathToFileURL(join(bench.folder, file)).href);
      await report.page.locator('header .pill').getByText('failed').waitFor();
      const shown = await tablesOf(report.page);
      assert.equal(shown['The workers of the run']?.length, 3);
      assert.deepEqual(shown, live, file);
      assert.deepEqual(report.complaints, []);
    }
    assert.deepEqual(complaints, []);
  });

  it('a stop rule ends the run on all workers with its exit code, and a run that could not shoot is INVALID', async () => {
    const rps = '{type: const, ops: 50, duration: 60s}';
    load({ uris: '"/ one", "/status/503 two"', rps, startup: '{type: once, times: 8}', extra: IGNORED });
    const stopping = ['--threshold', 'errors < 10% over 1s otherwise stop', '--summary-json', 's.json'];
    const stopped = await bench.run(['load.yaml', '-q', ...mesh(), ...stopping]);
    assert.equal(stopped.code, 5, stopped.stderr);
    assert.match(stopped.stderr, /1 of 1 threshold violated/);
    assert.ok(target.stats().total < 60 * 50);
    assert.equal(summary().pools[0]?.total.shots, target.stats().total);

    // 60 operations at once for one instance of each worker, each 300 ms: most are discarded.
    load({
      uris: '"/delay/300 slow"',
      rps: '{type: once, times: 60}',
      startup: '{type: once, times: 2}',
      extra: IGNORED,
    });
    const tooMuch = ['--threshold', 'count(status=5xx) == 0', '--summary-json', 's.json'];
    const invalid = await bench.run(['load.yaml', '-q', ...mesh(), ...tooMuch]);
    assert.equal(invalid.code, 4, invalid.stderr);
    assert.match(invalid.stderr, /the run is INVALID: .* were not shot: .*, so its thresholds do not pass/);
    assert.equal(summary().verdict?.level, 'INVALID');
  });

  it('the search for the capacity finds what the instances of all workers sustain, by the command and by the key', async () => {
    // Ten instances and shots of 50 ms: at most 200 per second.
    const limited = {
      ...{ uris: '"/delay/50 slow"', rps: '{type: const, ops: 1, duration: 1s}', startup: '{type: once, times: 10}' },
    };
    const search = '{from: 50, to: 800, precision: 0.3, repeats: 1, settle: 0s, measure: 1s}';
    const extra = `verdict: {lateness: 10s}\nthresholds: ["errors < 1%"]`;
    const found = (stdout: string): number =>
      Number(/^ {2}([\d,.]+) ± [\d.]+ per second, limited by /m.exec(stdout)?.[1]?.replace(',', ''));
    load({ ...limited, extra });
    const options = ['--from', '50', '--to', '800', '--measure', '1s', '--settle', '0s'];
    const more = ['--set', 'capacity.precision=0.3', '--set', 'capacity.repeats=1'];
    const byCommand = await bench.run(['capacity', 'load.yaml', ...options, ...more, ...mesh()]);
    load({ ...limited, extra: `${extra}\ncapacity: ${search}` });
    const byKey = await bench.run(['run', 'load.yaml', ...mesh()]);
    for (const { code, stdout, stderr } of [byCommand, byKey]) {
      assert.equal(code, 0, stdout + stderr);
      const rate = found(stdout);
      assert.ok(rate > 40 && rate < 400, stdout);
    }
  });
});
