import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { startTarget, type Target } from '../../lib/target/target.js';
import { coloursOf, eventually, RealBrowser, scriptIn, tablesOf } from './browser.js';
import { Bench } from './elpis.js';

const EVIL = '</script><img/src=x/onerror=alert(1)>';

describe('a report, opened from a disk', { timeout: 120_000 }, () => {
  let browser: RealBrowser;
  let target: Target;
  let bench: Bench;
  let url: string;
  before(async () => {
    browser = new RealBrowser();
    target = await startTarget();
    bench = new Bench();
    bench.write('ammo.uri', ['/ home', '/status/503 broken', '/delay/5 slow', `/ ${EVIL}`].join('\n'));
    bench.write(
      'load.yaml',
      [
        'pools:',
        `  - id: "pool <script>alert(1)</script>"`,
        `    gun: { type: http, target: "127.0.0.1:${target.port}" }`,
        '    ammo: { type: uri, file: ./ammo.uri }',
        '    result: { type: discard }',
        '    rps: [{ type: line, from: 10, to: 100, duration: 3s }, { type: const, ops: 100, duration: 2s }]',
        '    startup: { type: once, times: 8 }',
        'observers: [{ type: report, file: ./run.html }]',
        'record: run.elp',
      ].join('\n'),
    );
    const { code, stderr } = await bench.run(['run', 'load.yaml', '-q', '--seed', '7']);
    assert.equal(code, 0, stderr);
    url = pathToFileURL(join(bench.folder, 'run.html')).href;
  });
  after(async () => {
    await browser.close();
    await target.close();
    bench.remove();
  });

  it('shows everything, asks for nothing, and complains about nothing', async () => {
    const { page, complaints, requests } = await browser.open(url);
    await page.locator('header .pill').getByText('finished').waitFor();
    const tables = await tablesOf(page);
    assert.equal(tables['Figures by tag']?.length, 5, JSON.stringify(tables));
    assert.deepEqual(
      tables['Why operations were bad, failed or not shot']?.map((row) => row.split(' | ').slice(0, 2)),
      [
        ['Reason', 'Counts as'],
        ['status 503', 'bad'],
      ],
    );
    const titles = await page.locator('figure h3').allTextContents();
    for (const title of [
      'Rate',
      'Response time',
      'Response time heat map',
      'Service time',
      'Statuses and failures',
      'Delays before the start',
      'Instances',
      'Generator',
      'Connections',
      'Percentile spectrum',
      'Response time by rate',
    ])
      assert.ok(titles.includes(title), title);
    await page.getByText('Seed').waitFor();
    assert.deepEqual(requests, [url]);
    assert.deepEqual(complaints, []);
  });

  it('shows markup in tags and names as text', async () => {
    const { page } = await browser.open(url);
    await page.getByRole('button', { name: EVIL }).waitFor();
    assert.equal(await page.locator('h1').textContent(), 'elpis pool <script>alert(1)</script>');
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('script').count(), 2);
  });

  it('forbids by its policy what it does not have', async () => {
    const { page, complaints } = await browser.open(url);
    const blocked = await scriptIn<readonly unknown[]>(
      page,
      `new Promise((resolve) => {
        const violations = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          violations.push(effectiveDirective);
          if (violations.length === 2) resolve([...violations.sort(), 'injected' in globalThis]);
        });
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = true';
        document.body.append(script);
        fetch('https://example.invalid/').catch(() => undefined);
      })`,
    );
    assert.deepEqual(blocked, ['connect-src', 'script-src-elem', false]);
    assert.ok(complaints.length > 0, 'the browser says so');
  });

  it('works by keys alone', async () => {
    const { page } = await browser.open(url);
    await page.locator('header .pill').getByText('finished').waitFor();
    const focused = (): Promise<string> =>
      scriptIn(page, `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`);
    const seen: string[] = [];
    for (let i = 0; i < 60 && !(await focused()).startsWith('Response time over time'); i++) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
    }
    assert.ok(
      seen.some((name) => name.startsWith('Rate over time')),
      seen.join('\n'),
    );
    assert.equal(await page.locator('output.range').count(), 0);
    await page.keyboard.press('+');
    await page.locator('output.range').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('output.range').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const atCursor = await page.locator('.u-legend .u-series:first-child .u-value').allTextContents();
    assert.ok(
      atCursor.filter((text) => text === '0:01' || text === '0:02').length >= 8,
      `all charts show the moment: ${atCursor}`,
    );

    const header = page.getByRole('columnheader', { name: 'Ended' });
    const sorted = async (): Promise<readonly number[]> =>
      (await page.locator('section[aria-label="Figures by tag"] td:nth-child(2)').allTextContents()).map(Number);
    await header.getByRole('button').focus();
    await page.keyboard.press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    const descending = await sorted();
    assert.deepEqual(
      descending,
      descending.toSorted((a, b) => b - a),
    );
    await page.keyboard.press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
  });

  it('filters every table by the chosen time, and by a tag', async () => {
    const { page } = await browser.open(url);
    const total = async (): Promise<number> => {
      const cells = await page.locator('section[aria-label="Figures by tag"] td:nth-child(2)').allTextContents();
      return cells.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
    };
    await page.locator('header .pill').getByText('finished').waitFor();
    const whole = await total();
    assert.equal(whole, 365);
    const failed = async (): Promise<number> =>
      Number(await page.locator('section[aria-label^="Why operations"] td:nth-child(3)').first().textContent());
    const allFailed = await failed();
    await page.getByRole('button', { name: /^1\. 10 → 100/ }).click();
    await page.locator('output.range').waitFor();
    const first = await total();
    const firstFailed = await failed();
    await page.getByRole('button', { name: /^2\. 100/ }).click();
    await page.locator('button[aria-pressed="true"]', { hasText: '2. 100' }).waitFor();
    assert.equal(first + (await total()), whole);
    assert.equal(firstFailed + (await failed()), allFailed);
    await page.getByRole('button', { name: 'Whole run' }).click();
    await page.getByRole('combobox', { name: 'Tag' }).selectOption('=slow');
    await page.locator('section[aria-label^="Why operations"]').waitFor({ state: 'detached' });
  });

  it('zooms all charts by dragging in one', async () => {
    const { page } = await browser.open(url);
    const box = await page.locator('.plot .u-over').first().boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 50, { steps: 5 });
    await page.mouse.up();
    await page.locator('output.range').waitFor();
    await page.locator('.plot .u-over').nth(3).dblclick();
    await page.locator('output.range').waitFor({ state: 'detached' });
  });

  it('follows the colours of the system, and changes them by a button', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.open(url, { colorScheme });
      const other = colorScheme === 'dark' ? 'light' : 'dark';
      const [shown, background] = await coloursOf(page);
      assert.equal(shown, colorScheme);
      await page.getByRole('button', { name: `Show ${other} colours` }).click();
      await eventually('the other colours', async () => (await coloursOf(page))[0] === other);
      assert.notEqual((await coloursOf(page))[1], background);
    }
  });

  it('fits on a phone', async () => {
    const { page } = await browser.open(url, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await page.locator('header .pill').getByText('finished').waitFor();
    const width = await scriptIn<number>(page, 'document.documentElement.scrollWidth');
    assert.ok(width <= 390, `${width} px`);
  });

  it('is printed in light colours, without buttons', async () => {
    const { page } = await browser.open(url, { colorScheme: 'dark' });
    await page.locator('header .pill').getByText('finished').waitFor();
    await scriptIn(page, `dispatchEvent(new Event('beforeprint'))`);
    await page.emulateMedia({ media: 'print' });
    assert.equal((await coloursOf(page))[0], 'light');
    assert.equal(await page.locator('.filters').isVisible(), false);
    const pdf = await page.pdf({ format: 'A4' });
    assert.ok(pdf.length > 20_000);
    await scriptIn(page, `dispatchEvent(new Event('afterprint'))`);
    await eventually('dark colours again', async () => (await coloursOf(page))[0] === 'dark');
  });

  it('is written from a record, too, and shows the same', async () => {
    const { code, stdout, stderr } = await bench.run(['report', 'run.elp', '-o', 'recorded.html']);
    assert.deepEqual([code, stdout, stderr], [0, 'recorded.html\n', '']);
    const [direct, recorded] = await Promise.all([
      browser.open(url),
      browser.open(pathToFileURL(join(bench.folder, 'recorded.html')).href),
    ]);
    await recorded.page.locator('header .pill').getByText('finished').waitFor();
    assert.deepEqual(await tablesOf(recorded.page), await tablesOf(direct.page));
    assert.deepEqual(recorded.complaints, []);
  });

  it('is refused in place of the record, and for a file that is none', async () => {
    const same = await bench.run(['report', 'run.elp', '--out', './run.elp']);
    assert.deepEqual([same.code, /is the record itself/.test(same.stderr)], [2, true]);
    const none = await bench.run(['report', 'load.yaml']);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /load\.yaml:1/);
  });

  it('saves itself as the same report', async () => {
    const { page } = await browser.open(url);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save' }).click(),
    ]);
    const saved = join(bench.folder, 'saved.html');
    await download.saveAs(saved);
    const again = await browser.open(pathToFileURL(saved).href);
    await again.page.locator('header .pill').getByText('finished').waitFor();
    assert.deepEqual(await tablesOf(again.page), await tablesOf(page));
    assert.deepEqual(again.complaints, []);
  });
});
