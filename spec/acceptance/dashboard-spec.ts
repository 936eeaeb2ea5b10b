import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startTarget, type Target } from '../../lib/target/target.js';
import { contentOf, eventually, RealBrowser, tablesOf } from './browser.js';
import { Bench } from './elpis.js';

/** A tag with markup, as an attacker could write it into ammo. */
const EVIL = '</script><img/src=x/onerror=alert(1)>';

/** The address that a run prints. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, address] = /dashboard: (\S+)\n/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.on('close', () => reject(new Error(`no dashboard: ${text}`)));
  });
}

describe('elpis run --dashboard', { timeout: 120_000 }, () => {
  let browser: RealBrowser;
  let target: Target;
  let bench: Bench;
  before(() => {
    browser = new RealBrowser();
  });
  after(() => browser.close());
  /** Of the test, ended with it also when it fails. */
  let running: ChildProcess | undefined;
  beforeEach(async () => {
    target = await startTarget();
    bench = new Bench();
    bench.write('ammo.uri', ['/ home', '/status/404 missing', `/ ${EVIL}`].join('\n'));
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await target.close();
    bench.remove();
  });

  const load = (rps: string): void => {
    bench.write(
      'load.yaml',
      [
        'pools:',
        '  - id: "shop <b>"',
        `    gun: { type: http, target: "127.0.0.1:${target.port}" }`,
        '    ammo: { type: uri, file: ./ammo.uri }',
        '    result: { type: discard }',
        `    rps: ${rps}`,
        '    startup: { type: once, times: 8 }',
      ].join('\n'),
    );
  };

  for (const threads of [1, 2])
    it(`shows a run while it runs, and steers it, with ${threads} thread${threads > 1 ? 's' : ''}`, async () => {
      load('[{ type: const, ops: 100, duration: 10m }]');
      const { child, finished } = bench.start(['run', '--dashboard', 'load.yaml', '--threads', String(threads)]);
      running = child;
      const url = await addressOf(child);
      const { page, complaints, requests } = await browser.open(url);
      const ended = async (): Promise<number> =>
        Number(
          (
            await page.locator('section[aria-label="Figures by tag"] td:nth-child(2)').first().textContent()
          )?.replaceAll(',', ''),
        );
      const happened = (text: string) =>
        page
          .locator('section', { has: page.locator('h3', { hasText: 'What happened' }) })
          .getByText(text, { exact: false })
          .first()
          .waitFor();

      await page.locator('header .pill').getByText('running').waitFor();
      await page.getByRole('region', { name: 'Figures by tag' }).getByText('home').waitFor();
      const before = await ended();
      await eventually('more operations', async () => (await ended()) > before);
      assert.ok((await page.locator('canvas').count()) >= 10, 'charts');
      assert.match(await page.title(), /Elpis/);

      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await page.locator('header .pill').getByText('paused').waitFor();
      await happened('pause');
      await page.getByRole('button', { name: 'Resume', exact: true }).click();
      await page.locator('header .pill').getByText('running').waitFor();
      await page.getByRole('button', { name: '+25 %' }).click();
      await happened('speed x 1.25');
      await page.getByLabel('Rate per second').fill('60');
      await page.getByLabel('Rate per second').press('Enter');
      await happened('rate 60/s');
      await page.getByRole('textbox', { name: 'Remark' }).fill('<i>deployed</i>');
      await page.getByRole('textbox', { name: 'Remark' }).press('Enter');
      await happened('<i>deployed</i>');

      const late = await browser.open(url);
      await late.page.getByText('<i>deployed</i>').waitFor();
      await late.page.getByRole('region', { name: 'Figures by tag' }).getByText('missing').waitFor();

      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('button', { name: 'Let shots finish' }).click();
      await page.getByText('the run has ended; this page keeps its data').waitFor();
      const { code, stderr } = await finished;
      assert.equal(code, 0, stderr);
      await page.locator('header .pill').getByText('finished').waitFor();
      assert.equal(
        await page.getByRole('button', { name: 'Pause', exact: true }).count(),
        0,
        'no buttons for a run that has ended',
      );
      if (threads > 1) await page.getByRole('region', { name: 'The parts of the threads' }).waitFor();
      assert.deepEqual([complaints, late.complaints], [[], []]);
      assert.deepEqual([...new Set(requests.map((address) => new URL(address).origin))], [new URL(url).origin]);
    });

  it('shows in the end what its report shows from a disk, also to a reader that came late', async () => {
    load('[{ type: line, from: 20, to: 100, duration: 4s }, { type: const, ops: 100, duration: 4s }]');
    const { child, finished } = bench.start(['run', 'load.yaml', '--dashboard=127.0.0.1', '--report', 'run.html']);
    running = child;
    const url = await addressOf(child);
    const first = await browser.open(url);
    await first.page.getByRole('region', { name: 'Figures by tag' }).getByText('home').waitFor();
    const late = await browser.open(url);
    for (const { page } of [first, late]) await page.getByText('the run has ended; this page keeps its data').waitFor();
    assert.equal((await finished).code, 0);
    const report = await browser.open(pathToFileURL(join(bench.folder, 'run.html')).href);
    await report.page.locator('header .pill').getByText('finished').waitFor();
    for (const { page } of [first, late, report]) await page.getByLabel('by stage').check();
    const [live, joined, kept] = await Promise.all([first, late, report].map(({ page }) => tablesOf(page)));
    assert.ok(live !== undefined && kept !== undefined);
    assert.equal(live['Figures by tag and stage']?.length, 7, 'three tags in two stages');
    const tags = Object.keys(kept);
    assert.ok(tags.includes('Why operations were bad, failed or not shot'), tags.join());
    assert.deepEqual(joined, kept);
    assert.deepEqual(live, kept);
    const complaints = [first, late, report].flatMap((each) => each.complaints);
    assert.deepEqual(complaints, []);
  });

  it('shows in the end what the page of its record shows: every figure, chart, sentence and table', async () => {
    load('[{ type: line, from: 20, to: 100, duration: 2s }, { type: const, ops: 100, duration: 2s }]');
    const args = ['run', 'load.yaml', '--dashboard', '--record', 'run.elp', '--threshold', 'errors < 1%'];
    const { child, finished } = bench.start(args);
    running = child;
    const live = await browser.open(await addressOf(child));
    await live.page.getByText('the run has ended; this page keeps its data').waitFor();
    assert.equal((await finished).code, 3);
    assert.equal((await bench.run(['report', 'run.elp'])).code, 0);
    const recorded = await browser.open(pathToFileURL(join(bench.folder, 'run.html')).href);
    await recorded.page.locator('header .pill').getByText('failed').waitFor();
    const [seen, kept] = await Promise.all([contentOf(live.page), contentOf(recorded.page)]);
    assert.ok(kept.charts.length >= 12 && kept.text.includes('Threshold violated: errors < 1%'), JSON.stringify(kept));
    assert.deepEqual(seen, kept);
  });

  it('plays a recorded run, with buttons for the pause and the speed', async () => {
    load('[{ type: const, ops: 50, duration: 20s }]');
    assert.equal(
      (await bench.run(['rehearse', 'load.yaml', '--target', 'constant(5ms)', '--record', 'run.elp'])).code,
      0,
    );
    const { child, finished } = bench.start(['watch', 'run.elp', '--speed', '2', '--dashboard', '-q']);
    running = child;
    const { page, complaints } = await browser.open(await addressOf(child));
    const pill = (text: string) => page.locator('header .pill').getByText(text).waitFor();
    await pill('playing × 2');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await pill('paused × 2');
    const time = () => page.locator('header .time').textContent();
    const paused = await time();
    await page.getByRole('button', { name: 'Faster' }).click();
    await pill('paused × 4');
    assert.equal(await time(), paused);
    assert.equal(await page.getByLabel('Rate per second').count(), 0, 'what was shot is recorded');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await pill('finished');
    assert.equal((await finished).code, 0);
    assert.deepEqual(complaints, []);
  });

  it('on another address gives data and control only with the token of the printed address', async () => {
    load('[{ type: const, ops: 50, duration: 10m }]');
    const { child, finished } = bench.start(['run', 'load.yaml', '--dashboard', '0.0.0.0:0']);
    running = child;
    const printed = new URL(await addressOf(child));
    const local = `http://127.0.0.1:${printed.port}/`;
    const without = await browser.open(local);
    await without.page.getByText('open the address with its token').waitFor();
    assert.equal(await without.page.getByRole('region', { name: 'Figures by tag' }).count(), 0);
    const { page } = await browser.open(`${local}${printed.hash}`);
    await page.getByRole('region', { name: 'Figures by tag' }).getByText('home').waitFor();
    await page.getByRole('button', { name: 'Stop…' }).click();
    await page.getByRole('button', { name: 'Abort now' }).click();
    await finished;
    await page.locator('header .pill').getByText('finished').waitFor();
  });
});
