import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { RunEvent } from '../../lib/engine/runEvent.js';
import { valueAtPercentile as percentile } from '../../lib/measure/histogram.js';
import { roughWindow } from '../../lib/measure/roughWindow.js';
import { mergeWindows, type Window } from '../../lib/measure/window.js';
import { bytes, count, ms, percent, rate } from '../../lib/page/client/data/format.js';
import { readRecord } from '../../lib/record/file/readRecord.js';
import { startTarget, type Target } from '../../lib/target/target.js';
import { RealBrowser, scriptIn, tablesOf } from './browser.js';
import { Bench } from './elpis.js';

/** The page computes its numbers in the browser. Here they are computed from the windows of the record, without any code of the page but its number formats. */
describe('the numbers of a report are those of the windows of its run', { timeout: 120_000 }, () => {
  let browser: RealBrowser;
  let target: Target;
  let bench: Bench;
  let windows: readonly Window[];
  let startedAt: number;
  let page: Page;
  before(async () => {
    browser = new RealBrowser();
    target = await startTarget();
    bench = new Bench();
    bench.write('ammo.uri', ['/ home', '/status/503 broken', '/delay/20 slow'].join('\n'));
    bench.write(
      'load.yaml',
      [
        'pools:',
        '  - id: shop',
        `    gun: { type: http, target: "127.0.0.1:${target.port}" }`,
        '    ammo: { type: uri, file: ./ammo.uri }',
        '    result: { type: discard }',
        '    rps: [{ type: const, ops: 40, duration: 3s }, { type: const, ops: 100, duration: 3s }]',
        '    startup: { type: once, times: 8 }',
      ].join('\n'),
    );
    const { code, stderr } = await bench.run(['run', 'load.yaml', '-q', '--record', 'run.elp']);
    assert.equal(code, 0, stderr);
    await bench.run(['report', 'run.elp', '-o', 'run.html']);
    const events: RunEvent[] = [];
    for await (const event of (await readRecord(join(bench.folder, 'run.elp'))).events()) events.push(event);
    windows = events.flatMap((event) => (event.type === 'window' ? [event.window] : []));
    startedAt = events.find(({ type }) => type === 'run-started')?.at ?? Number.NaN;
    ({ page } = await browser.open(pathToFileURL(join(bench.folder, 'run.html')).href));
    await page.locator('header .pill').getByText('finished').waitFor();
  });
  after(async () => {
    await browser.close();
    await target.close();
    bench.remove();
  });

  /** The row of a tag as the table has it. */
  const rowOf = (window: Window, tag: string): string => {
    const counts = tag === '(all)' ? window.total : window.tags.get(tag);
    assert.ok(counts !== undefined, tag);
    const seconds = (window.to - window.from) / 1000;
    const at = (p: number) => ms(percentile(counts.response, p));
    return [
      ...[tag, count(counts.ended), rate(counts.ended / seconds), percent((counts.bad + counts.failed) / counts.ended)],
      ...[at(50), at(90), at(99), ms(counts.response.maxUs / 1000), ms(percentile(counts.service, 99))],
      ...[bytes(counts.bytesIn), ''],
    ].join(' | ');
  };

  const TAGS = ['(all)', 'home', 'broken', 'slow'];
  const shown = async (): Promise<readonly string[]> => (await tablesOf(page))['Figures by tag'] ?? [];

  it('for the whole run, exactly', async () => {
    const whole = windows.reduce(mergeWindows);
    assert.equal(whole.total.ended, 420);
    assert.deepEqual((await shown()).slice(1).sort(), TAGS.map((tag) => rowOf(whole, tag)).sort());
    const tables = await tablesOf(page);
    assert.deepEqual(tables['Why operations were bad, failed or not shot']?.slice(1), [
      `status 503 | bad | ${whole.total.bad} | ${percent(whole.total.bad / whole.total.count)}`,
    ]);
    const { opened, phases } = whole.connections;
    const phase = tables['Times of the phases of connections and exchanges'] ?? [];
    assert.equal(phase.find((row) => row.startsWith('connect | '))?.split(' | ')[1], count(opened));
    assert.equal(
      phase.find((row) => row.startsWith('wait | ')),
      [
        'wait',
        '420',
        ...[phases.wait].flatMap((wait) => [
          ms(wait.sumUs / wait.count / 1000),
          ms(percentile(wait, 50)),
          ms(percentile(wait, 90)),
          ms(percentile(wait, 99)),
          ms(wait.maxUs / 1000),
        ]),
      ].join(' | '),
    );
  });

  for (const [stage, range] of [
    ['1. 40/s', [0, 3000]],
    ['2. 100/s', [3000, 6000]],
  ] as const)
    it(`for stage ${stage}, as the sum of the windows in it`, async () => {
      await page.getByRole('button', { name: stage }).click();
      await page.locator('output.range').waitFor();
      const [from, to] = await scriptIn<readonly number[]>(
        page,
        `document.querySelector('output.range').textContent.split(' – ').map((text) => {
          const [minutes, seconds] = text.split(':').map(Number);
          return 60000 * minutes + 1000 * seconds;
        })`,
      );
      assert.ok(Math.abs((from ?? 0) - range[0]) < 700 && Math.abs((to ?? 0) - range[1]) < 1500, `${from} to ${to}`);
      const inside = windows.filter((window) => {
        const middle = (window.from + window.to) / 2 - startedAt;
        return middle >= (from ?? 0) - 60 && middle < (to ?? 0) + 60;
      });
      const sum = inside.map(roughWindow).reduce(mergeWindows);
      assert.deepEqual((await shown()).slice(1).sort(), TAGS.map((tag) => rowOf(sum, tag)).sort());
      const why = (await tablesOf(page))['Why operations were bad, failed or not shot']?.[1];
      assert.equal(why, `status 503 | bad | ${sum.total.bad} | ${percent(sum.total.bad / sum.total.count)}`);
      await page.getByRole('button', { name: 'Whole run' }).click();
    });

  it('at the cursor of a chart, as those of the window', async () => {
    const chart = page.getByRole('img', { name: /^Response time over time/ });
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    // The charts follow the cursor in the next frame.
    await scriptIn(
      page,
      'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))',
    );
    const legends = await scriptIn<Record<string, string>>(
      page,
      `Object.fromEntries([...document.querySelectorAll('figure:has(.plot)')].map((figure) => [figure.querySelector('h3').textContent,
        [...figure.querySelectorAll('.u-series')].slice(1).map((row) => row.querySelector('.u-label').textContent + ' ' + row.querySelector('.u-value').textContent).join(', ')]))`,
    );
    const rough = windows.map(roughWindow);
    const textOf = ({ total: { response } }: Window): string => {
      const at = (p: number) => ms(percentile(response, p));
      return `max ${ms(response.maxUs / 1000)}, p99.9 ${at(99.9)}, p99 ${at(99)}, p90 ${at(90)}, p50 ${at(50)}`;
    };
    // On a busy machine a window may be shorter than a second, so the second point is near, not always at, the second window.
    const second = rough.slice(0, 4).find((window) => textOf(window) === legends['Response time']);
    assert.ok(second !== undefined, `${legends['Response time']} is that of no window`);
    const seconds = (second.to - second.from) / 1000;
    const per = (value: number | null) => count((value ?? Number.NaN) / seconds);
    assert.equal(
      legends.Rate,
      `planned ${per(second.planned)}, started ${per(second.started)}, ended ${per(second.total.ended)}`,
    );
    const statuses = second.total.statuses.map(({ status, count: n }) => `${status} ${rate(n / seconds)}`);
    assert.deepEqual(legends['Statuses and failures']?.split(', ').sort(), statuses.sort());
  });
});
