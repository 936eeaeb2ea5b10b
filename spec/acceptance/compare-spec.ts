import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RealBrowser, scriptIn, tablesOf } from './browser.js';
import { config } from './config.js';
import { Bench } from './elpis.js';

describe('elpis compare', () => {
  const bench = new Bench();
  after(() => bench.remove());
  before(async () => {
    bench.write(
      'load.yaml',
      config('model:1', { rps: '{type: const, ops: 100, duration: 60s}', startup: '{type: once, times: 50}' }),
    );
    for (const [name, median, seed] of [
      ['a1', 20, 1],
      ['a2', 20, 2],
      ['b1', 24, 3],
    ] as const) {
      const model = `lognormal(median=${median}ms, p99=${4 * median}ms)`;
      const { code, stderr } = await bench.run([
        'rehearse',
        'load.yaml',
        '--target',
        model,
        '--seed',
        String(seed),
        '--record',
        `${name}.elp`,
      ]);
      assert.equal(code, 0, stderr);
    }
  });

  it('finds no difference between two runs of one system', async () => {
    const { code, stdout, stderr } = await bench.run(['compare', 'a1.elp', 'a2.elp', '--fail-if', 'p50 +5%']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^# a2\.elp compared with a1\.elp\n\nNo difference was found: none of \d+ numbers/);
    assert.match(stdout, /^\| main \| all \| one \| p50 \| /m);
  });

  it('finds a slower system, fails by a condition, and says the same again', async () => {
    const args = ['compare', 'a1.elp', 'b1.elp', '--fail-if', 'p50 +5%', '--fail-if', 'rate -5%'];
    const first = await bench.run(args);
    assert.equal(first.code, 1);
    assert.match(
      first.stdout,
      /- FAILED `p50 \+5%`: The p50 of pool "main" is higher: 2\d\.\d ms instead of (19|20)\.\d ms, \+/,
    );
    assert.ok(!first.stdout.includes('FAILED `rate'));
    assert.deepEqual(await bench.run(args), first);
    const { differences } = JSON.parse((await bench.run(['compare', 'a1.elp', 'b1.elp', '--json'])).stdout) as {
      differences: { metric: string; verdict: string }[];
    };
    assert.ok(differences.some(({ metric, verdict }) => metric === 'p50' && verdict === 'higher'));
  });

  it('takes several runs of the baseline', async () => {
    const { code, stdout } = await bench.run(['compare', 'b1.elp', '--baseline', 'a1.elp', '--baseline', 'a2.elp']);
    assert.equal(code, 0);
    assert.match(stdout, /^# b1\.elp compared with a1\.elp, a2\.elp/);
  });

  describe('as a page', { timeout: 90_000 }, () => {
    let browser: RealBrowser;
    let markdown: string;
    before(async () => {
      browser = new RealBrowser();
      const args = ['compare', 'a1.elp', 'b1.elp', '--fail-if', 'p50 +5%', '--report', 'diff.html'];
      const { code, stdout, stderr } = await bench.run(args);
      assert.deepEqual([code, stderr], [1, '']);
      markdown = stdout;
    });
    after(() => browser.close());
    const open = (options = {}) => browser.open(pathToFileURL(join(bench.folder, 'diff.html')).href, options);

    it('has the sentences and the numbers of the text, asks for nothing, and complains about nothing', async () => {
      const { page, complaints, requests } = await open();
      await page.getByRole('heading', { name: 'FAILED' }).waitFor();
      const sentences = await page.locator('.verdict li').allTextContents();
      const written = [...markdown.matchAll(/^- (?:FAILED `([^`]+)`: )?(.+)$/gm)].map(([, condition, text]) =>
        condition === undefined ? text : `${condition}: ${text}`,
      );
      for (const sentence of sentences) assert.ok(written.includes(sentence), sentence);
      assert.ok(sentences.some((text) => text.startsWith('p50 +5%: The p50 of pool "main" is higher: ')));
      // One table row for each row of the text.
      const rows = (await tablesOf(page))['Differences by tag and stage'] ?? [];
      const numbers = [...markdown.matchAll(/^\| main \| all \| (.+?) \| (\w+) \| (.+?) \| (.+?) \| (.+?) \|/gm)];
      assert.ok(numbers.length >= 5);
      for (const [, tag, metric, old, next, change] of numbers) {
        const row = rows.find((text) => text.startsWith(`${tag} | ${metric} | `));
        assert.ok(row?.startsWith(`${tag} | ${metric} | ${old} | ${next} | ${change} | `), `${row}`);
      }
      assert.equal(rows.length - 1, numbers.length);
      assert.match(rows[1] ?? '', / \| worse$/);
      assert.deepEqual(requests, [pathToFileURL(join(bench.folder, 'diff.html')).href]);
      assert.deepEqual(complaints, []);
    });

    it('has both runs in every chart', async () => {
      const { page } = await open();
      await page.getByRole('heading', { name: 'FAILED' }).waitFor();
      const charts = await scriptIn<readonly (readonly [string, readonly string[]])[]>(
        page,
        `[...document.querySelectorAll('figure:has(.plot)')].map((figure) => [figure.querySelector('h3').textContent,
          [...figure.querySelectorAll('.u-legend .u-label')].slice(1).map((label) => label.textContent)])`,
      );
      assert.ok(charts.length >= 8, JSON.stringify(charts));
      for (const [title, labels] of charts) {
        const runs = (side: string) =>
          labels.filter((label) => label.endsWith(`, ${side}`)).map((l) => l.split(', ')[0]);
        assert.ok(runs('before').length > 0, `${title}: ${labels}`);
        assert.deepEqual(runs('before').sort(), runs('after').sort(), title);
        assert.equal(runs('before').length + runs('after').length, labels.length, title);
      }
      const headings = await page.locator('h3').allTextContents();
      assert.ok(headings.includes('Run before: a1.elp') && headings.includes('Run after: b1.elp'), headings.join());
    });

    it('shows both runs at the cursor, and zooms them together', async () => {
      const { page } = await open();
      const chart = page.getByRole('img', { name: /^Response time over time/ });
      await chart.focus();
      for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
      const values = await scriptIn<readonly string[]>(
        page,
        `[...document.activeElement.querySelectorAll('.u-legend .u-value')].map((value) => value.textContent)`,
      );
      assert.match(values[0] ?? '', /^0:0\d/);
      assert.ok(
        values.slice(1).every((value) => /\d ms$/.test(value)),
        values.join(),
      );
      await page.keyboard.press('+');
      await page.locator('output.range').waitFor();
    });

    it('fits on a phone, in the dark', async () => {
      const { page, complaints } = await open({
        ...{ viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true, colorScheme: 'dark' },
      });
      await page.getByRole('heading', { name: 'FAILED' }).waitFor();
      assert.equal(await scriptIn<number>(page, 'document.documentElement.scrollWidth'), 360);
      assert.deepEqual(complaints, []);
    });

    it('shows all runs of both sides', async () => {
      const args = ['compare', 'b1.elp', '--baseline', 'a1.elp', '--baseline', 'a2.elp', '--report', 'three.html'];
      const { code, stderr } = await bench.run(args);
      assert.equal(code, 0, stderr);
      const { page } = await browser.open(pathToFileURL(join(bench.folder, 'three.html')).href);
      await page.getByText('ended, before 2').first().waitFor();
      assert.equal(await page.getByText('ended, after', { exact: true }).count(), 1);
    });

    it('is not written over a record', async () => {
      const { code, stderr } = await bench.run(['compare', 'a1.elp', 'a2.elp', '--report', './a2.elp']);
      assert.equal(code, 2);
      assert.match(stderr, /--report \.\/a2\.elp is a record that is compared/);
    });
  });

  it('refuses one record, another file and a wrong condition; a condition without a number fails', async () => {
    for (const [args, exit, message] of [
      [['a1.elp'], 2, /expected two records, got one/],
      [['a1.elp', 'load.yaml'], 2, /load\.yaml:1: expected the header of a record/],
      [['a1.elp', 'a2.elp', '--fail-if', 'p98 +1%'], 2, /--fail-if: expected rate, errors/],
      [['a1.elp', 'a2.elp', '--fail-if', 'p99 +9% of x'], 1, /--fail-if p99 \+9% of x: there is no such number/],
    ] as const) {
      const { code, stderr } = await bench.run(['compare', ...args]);
      assert.equal(code, exit, stderr);
      assert.match(stderr, message);
    }
  });
});
