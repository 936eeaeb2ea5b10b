import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readPageFiles } from '../../lib/page/document.js';
import { startTarget, type Target } from '../../lib/target/target.js';
import { coloursOf, eventually, RealBrowser, scriptIn, tablesOf } from './browser.js';
import { Bench } from './elpis.js';

const EVIL = '</script><img/src=x/onerror=alert(1)>';

/** The texts of a page whose colour is too near to that of their background, by the formula of WCAG 2. */
const LOW_CONTRAST = `(() => {
  const rgb = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const backgroundOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = rgb(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '' || element.closest('script, style, noscript, option') !== null || !element.checkVisibility()) continue;
    const [text, background] = [luminance(rgb(getComputedStyle(element).color)), luminance(backgroundOf(element))];
    const ratio = (Math.max(text, background) + 0.05) / (Math.min(text, background) + 0.05);
    if (ratio < 4.5) low.push(node.textContent.trim().slice(0, 40) + ': ' + ratio.toFixed(2));
  }
  return [...new Set(low)];
})()`;

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
    assert.equal(tables['Figures by tag']?.length, 6, JSON.stringify(tables));
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
      'Phases',
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

  it('has less than 200 kB before its data', () => {
    const { script, style } = readPageFiles();
    const bytes = Buffer.byteLength(script) + Buffer.byteLength(style);
    assert.ok(bytes < 200_000, `${bytes} bytes`);
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
    assert.ok(atCursor.filter((text) => /^0:0[12]/.test(text)).length >= 8, `all charts show the moment: ${atCursor}`);

    // Readers of the screen speak the values at the cursor: those of the legend.
    const chart = page.getByRole('img', { name: /^Rate over time/ });
    await chart.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
    const legend = await chart.locator('.u-series').allTextContents();
    const spoken = legend.map((text) => text.replace(/^at/, '')).join('');
    assert.match(spoken, /^0:0\d.*planned.*ended/s);
    const unspaced = (text: string): string => text.replaceAll(/[\s,]+/g, '');
    let texts: readonly string[] = [];
    for (let tries = 0; tries < 50 && !texts.includes(unspaced(spoken)); tries++) {
      await page.waitForTimeout(100);
      texts = (await page.locator('.spoken[aria-live=polite]').allTextContents()).map(unspaced);
    }
    assert.ok(texts.includes(unspaced(spoken)), `${spoken} in ${texts}`);

    const header = page.getByRole('columnheader', { name: 'Ended' });
    const sorted = async (): Promise<readonly number[]> =>
      (await page.locator('section[aria-label="Figures by tag"] tr:not(.total) td:nth-child(2)').allTextContents()).map(
        Number,
      );
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

  it('has a sentence for each chart, and names for all that can be used', async () => {
    const { page } = await browser.open(url);
    await page.locator('header .pill').getByText('finished').waitFor();
    const summaries = await scriptIn<readonly string[]>(
      page,
      `[...document.querySelectorAll('.plot')].map((plot) => plot.getAttribute('role') + ': ' + plot.getAttribute('aria-label'))`,
    );
    assert.ok(summaries.length >= 10);
    for (const summary of summaries) assert.match(summary, /^img: [A-Z].*\.$/);
    assert.ok(summaries.filter((summary) => /\d/.test(summary)).length >= summaries.length - 1, summaries.join('\n'));
    const unnamed = await scriptIn<readonly string[]>(
      page,
      `[...document.querySelectorAll('button, input, select, summary, [tabindex="0"]')].filter((each) =>
        (each.getAttribute('aria-label') ?? each.textContent).trim() === '' && (each.labels ?? []).length === 0).map((each) => each.outerHTML)`,
    );
    assert.deepEqual(unnamed, []);
    const headings = await scriptIn<readonly number[]>(
      page,
      `[...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName[1]))`,
    );
    assert.equal(headings[0], 1);
    assert.ok(
      headings.every((level, i) => i === 0 || level <= (headings[i - 1] as number) + 1),
      headings.join(),
    );
  });

  it('moves the focus in the order of the page, and shows where it is', async () => {
    const { page } = await browser.open(url);
    await page.locator('header .pill').getByText('finished').waitFor();
    const tops: number[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const [top, outline] = await scriptIn<readonly [number, string]>(
        page,
        `(() => {
          const style = getComputedStyle(document.activeElement);
          const { top } = document.activeElement.getBoundingClientRect();
          return [top + scrollY, style.outlineStyle + ' ' + style.outlineWidth];
        })()`,
      );
      assert.equal(outline, 'solid 2px');
      tops.push(top);
    }
    // Charts stand in rows of two.
    const back = tops.filter((top, i) => i > 0 && top < (tops[i - 1] as number) - 300);
    assert.deepEqual(back, []);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has enough contrast in ${colorScheme} colours: 4.5 for texts`, async () => {
      const { page } = await browser.open(url, { colorScheme });
      await page.locator('header .pill').getByText('finished').waitFor();
      await page.locator('details').first().click();
      const low = await scriptIn<readonly string[]>(page, LOW_CONTRAST);
      assert.deepEqual(low, []);
    });

  it('moves nothing by itself', async () => {
    const { page } = await browser.open(url, { reducedMotion: 'reduce' });
    await page.locator('header .pill').getByText('finished').waitFor();
    const moving = await scriptIn<readonly string[]>(
      page,
      `[...document.querySelectorAll('*')].filter((each) => {
        const { transitionDuration, animationName } = getComputedStyle(each);
        return transitionDuration !== '0s' || animationName !== 'none';
      }).map((each) => each.outerHTML.slice(0, 80))`,
    );
    assert.deepEqual(moving, []);
    assert.equal(await scriptIn<number>(page, 'document.getAnimations().length'), 0);
  });

  it('filters every table by the chosen time, and by a tag', async () => {
    const { page } = await browser.open(url);
    const total = async (): Promise<number> => {
      const cells = await page
        .locator('section[aria-label="Figures by tag"] tr:not(.total) td:nth-child(2)')
        .allTextContents();
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
    const { page } = await browser.open(url, { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true });
    await page.locator('header .pill').getByText('finished').waitFor();
    const width = await scriptIn<number>(page, 'document.documentElement.scrollWidth');
    assert.ok(width <= 360, `${width} px`);
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
