import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sourceFromFunction } from '../../../lib/data/fromFunction.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { drawFrom } from './drawAmmo.js';

type Options = Readonly<Record<string, unknown>>;

interface Totals {
  readonly ammo: number;
  /** The last line, which has the totals, and the number of lines. */
  readonly last: string;
  readonly fields: unknown;
  readonly lines: number;
}

/** Reads content with `continueonerror`; time does not pass. */
async function totals(
  content: string,
  options: Options = {},
  share = { index: 0, of: 1 },
  most?: number,
): Promise<Totals> {
  const log = new FakeLog();
  const source = sourceFromFunction(() => [content], { name: 'ammo' });
  const config = { type: 'uri', continueonerror: true, passes: 1, ...options };
  const { ammo } = await drawFrom<HttpAmmo>(source, config, { log, share, scheduler: new VirtualClock() }, most);
  const { message = '', fields } = log.lines.at(-1) ?? {};
  return { ammo: ammo.length, last: message, fields, lines: log.lines.length };
}

const BAD = '/a\n/%\n'.repeat(5000);

describe('bad items that are skipped', () => {
  it('are counted by kind, with the first places, in one line at the end', async () => {
    const { ammo, last, fields, lines } = await totals(`${BAD}[A]\n/${'x'.repeat(70_000)}\n`);
    assert.equal(ammo, 5000);
    assert.equal(lines, 2);
    assert.equal(
      last,
      'ammo: bad items: 5,000 x bad-uri (ammo:2: "/%" is not a URI; ammo:4: "/%" is not a URI; ammo:6: "/%" is not a URI; ...), ' +
        '1 x bad-header-line (ammo:10001: "[A]" is not a header line), ' +
        '1 x line-too-long (ammo:10002: the line is longer than 65535 bytes)',
    );
    assert.deepEqual(fields, { 'bad-uri': 5000, 'bad-header-line': 1, 'line-too-long': 1 });
  });

  it('are counted once, for any number of passes', async () => {
    for (const options of [{ passes: 3 }, { passes: 3, preload: true }]) {
      assert.deepEqual((await totals(BAD, options)).fields, { 'bad-uri': 5000 });
    }
    // A source of this size is decoded in each pass.
    const large = `${BAD}${`/${'x'.repeat(60_000)}\n`.repeat(1200)}`;
    const { ammo, fields } = await totals(large, { passes: 2 });
    assert.deepEqual([ammo, fields], [2 * 6200, { 'bad-uri': 5000 }]);
  });

  it('are reported by one share of several, in full', async () => {
    for (const of of [1, 2, 3, 8]) {
      const shares = Array.from({ length: of }, (_, index) => totals(BAD, {}, { index, of }));
      const all = await Promise.all(shares);
      assert.deepEqual(
        all.map(({ fields }) => fields),
        [{ 'bad-uri': 5000 }, ...Array.from({ length: of - 1 }, () => undefined)],
      );
      assert.equal(
        all.reduce((sum, { ammo }) => sum + ammo, 0),
        5000,
      );
    }
  });

  it('are reported when the run ends before the source does', async () => {
    const source = `${'/%\n'.repeat(10)}${'/a\n'.repeat(100)}`;
    assert.deepEqual((await totals(source, { passes: 0 }, undefined, 5)).fields, { 'bad-uri': 10 });
  });

  it('cause no line when there are none', async () => {
    assert.equal((await totals('/a\n/b')).lines, 0);
  });

  it('are counted together with those that are passed on and cannot be shot', async () => {
    const { fields } = await totals('3\nabc\nx\n3\nabc\n', { type: 'raw' });
    assert.deepEqual(fields, { 'cannot be shot': 2, 'bad-size': 1 });
  });
});
