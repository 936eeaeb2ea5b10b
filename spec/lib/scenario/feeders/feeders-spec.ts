import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { from } from 'rxjs';
import { isElpisError } from '../../../../lib/core/errors.js';
import { csvFeeder } from '../../../../lib/scenario/feeders/csvFeeder.js';
import { jsonFeeder } from '../../../../lib/scenario/feeders/jsonFeeder.js';
import { type Feeder, generatorFeeder, rowsFeeder } from '../../../../lib/scenario/feeders/rowsFeeder.js';
import { scenario } from '../../../../lib/scenario/scenario.js';
import type { ScenarioAmmo } from '../../../../lib/scenario/scenarioAmmo.js';
import { scenarioGuns } from '../../../../lib/scenario/scenarioGun.js';
import { feed } from '../../../../lib/scenario/steps/feed.js';
import { get } from '../../../../lib/scenario/steps/request.js';
import { scriptedTransport } from '../../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { play } from '../draw.js';

const ROWS = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const fedBy = (feeder: Feeder<{ readonly id: string }>, runs: number, index = 0): string[] => {
  const { requests, error } = play(
    (flow) =>
      flow.pipe(
        feed(feeder),
        get('a', ({ id }) => `/${id}`),
      ),
    { runs, index },
  );
  if (error !== undefined) throw error;
  return requests.map(({ request }) => request.target.slice(1));
};
/** The rows of thread `index` of `of`, for the operations of its share. */
const fedInThread = (feeder: Feeder<{ readonly id: string }>, index: number, of: number, each: number): string[] => {
  const scheduler = new VirtualClock();
  const transports = scriptedTransport({ 'GET *': 'r' }, {}, scheduler);
  const fed = scenario('s', (flow) =>
    flow.pipe(
      feed(feeder),
      get('a', ({ id }) => `/${id}`),
    ),
  );
  const deps = { scheduler, random: seededRandom(1), share: { index, of } };
  const gun = scenarioGuns({ transports, deps }).create({ instance: 0 });
  for (let i = 0; i < each; i++) {
    const ammo: ScenarioAmmo = { protocol: 'scenario', id: 1, tag: 's', scenario: fed };
    const shot = { index: i * of + index, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
    from(gun.shoot(ammo, shot)).subscribe();
  }
  return transports.requests.map(({ request }) => request.target.slice(1));
};

describe('rowsFeeder', () => {
  it('next: in order, and again from the beginning', () => {
    assert.deepEqual(fedBy(rowsFeeder('r', ROWS), 7), ['a', 'b', 'c', 'd', 'e', 'a', 'b']);
  });

  it('shuffled: each pass has every row once, in another order, by its seed', () => {
    const order = fedBy(rowsFeeder('r', ROWS, { strategy: 'shuffled' }), 10);
    assert.deepEqual([...order.slice(0, 5)].sort(), ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual([...order.slice(5)].sort(), ['a', 'b', 'c', 'd', 'e']);
    assert.notDeepEqual(order.slice(0, 5), order.slice(5));
    assert.deepEqual(fedBy(rowsFeeder('r', ROWS, { strategy: 'shuffled' }), 10), order);
    assert.notDeepEqual(fedBy(rowsFeeder('r', ROWS, { strategy: 'shuffled', seed: 2 }), 10), order);
  });

  it('random: by the index of the start', () => {
    const feeder = rowsFeeder('r', ROWS, { strategy: 'random' });
    const all = fedBy(feeder, 200);
    assert.equal(new Set(all).size, 5);
    assert.deepEqual(fedBy(feeder, 50, 150), all.slice(150));
  });

  it('unique: the row of the index, until the rows are used up', () => {
    const feeder = rowsFeeder('r', ROWS, { strategy: 'unique' });
    assert.deepEqual(fedBy(feeder, 3, 2), ['c', 'd', 'e']);
    assert.throws(
      () => fedBy(feeder, 6),
      (error) => isElpisError(error, 'ELPIS_NO_AMMO') && /feeder "r": its 5 rows are used up/.test(error.message),
    );
  });

  it('unique: not twice in one scenario', () => {
    const feeder = rowsFeeder('r', ROWS, { strategy: 'unique' });
    const { error } = play((flow) => flow.pipe(feed(feeder), feed(feeder)));
    assert.match(String(error), /feeder "r" is unique, but is fed twice/);
  });

  it('each run of a pool begins again', () => {
    const feeder = rowsFeeder('r', ROWS);
    assert.deepEqual(
      [fedBy(feeder, 2), fedBy(feeder, 2)],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    );
  });

  it('over any number of threads each row occurs as often as in one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('next', 'shuffled', 'unique', 'random' as const),
        (of, each, strategy) => {
          const rows = Array.from({ length: 48 }, (_, i) => ({ id: String(i) }));
          const feeder = rowsFeeder('r', rows, { strategy: strategy as 'next' });
          const threads = Array.from({ length: of }, (_, index) => fedInThread(feeder, index, of, each));
          const one = fedInThread(feeder, 0, 1, of * each);
          assert.deepEqual(threads.flat().sort(), [...one].sort());
          if (strategy !== 'random') assert.equal(new Set(one).size, Math.min(48, of * each));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses empty rows', () => assert.throws(() => rowsFeeder('r', []), /feeder "r" has no rows/));
});

describe('generatorFeeder', () => {
  it('makes a row for each start', () => {
    assert.deepEqual(
      fedBy(
        generatorFeeder((index) => ({ id: `n${index}` })),
        2,
        7,
      ),
      ['n7', 'n8'],
    );
  });
  it('with random numbers that depend on the index', () => {
    const feeder = generatorFeeder((_, random) => ({ id: String(Math.floor(random() * 1e6)) }));
    assert.deepEqual(fedBy(feeder, 2, 1), fedBy(feeder, 3).slice(1));
  });
});

describe('csvFeeder', () => {
  const TEXT = '\uFEFFuser,id,note\nann,1,"a, ""b"""\n\nbob,2,\n';
  const columns = ['id', 'user'] as const;

  it('returns the requested columns, by name', () => {
    const feeder = csvFeeder({ text: TEXT, columns: ['note', 'id'] });
    const rows: unknown[] = [];
    const { requests } = play(
      (flow) => flow.pipe(feed(feeder), get('a', '/a', { query: ({ note, id }) => ({ note, id }) })),
      { runs: 2 },
    );
    rows.push(...requests.map(({ request }) => request.target));
    assert.deepEqual(rows, ['/a?note=a%2C+%22b%22&id=1', '/a?note=&id=2']);
  });

  it('without a header, by position', () => {
    const feeder = csvFeeder({ text: '1;ann\n2;bob', columns, header: false, delimiter: ';' });
    assert.deepEqual(fedBy(feeder, 2), ['1', '2']);
  });

  it('reads a file, by path or URL', () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    const file = join(folder, 'users.csv');
    writeFileSync(file, TEXT);
    assert.deepEqual(fedBy(csvFeeder({ file, columns }), 2), ['1', '2']);
    assert.deepEqual(fedBy(csvFeeder({ file: pathToFileURL(file), columns, strategy: 'unique' }), 2), ['1', '2']);
    rmSync(folder, { recursive: true });
    assert.throws(
      () => csvFeeder({ file, columns }),
      (error) => isElpisError(error, 'ELPIS_SOURCE') && error.message.includes(file),
    );
  });

  it('refuses invalid input', () => {
    assert.throws(() => csvFeeder({ text: 'user\nann', columns }), /has no column id; its columns are user/);
    assert.throws(() => csvFeeder({ text: 'id,user\n', columns }), /has no rows/);
    assert.throws(() => csvFeeder({ text: 'id,user\n1', columns }), /is not CSV: Invalid Record Length/);
    assert.throws(() => csvFeeder({ text: 'id,user\n"1', columns }), /is not CSV/);
  });
});

describe('jsonFeeder', () => {
  const is = (value: unknown): value is { readonly id: string } => typeof Object(value).id === 'string';

  it('returns the objects of an array', () => {
    assert.deepEqual(fedBy(jsonFeeder({ text: '[{"id":"x"},{"id":"y"}]', is }), 3), ['x', 'y', 'x']);
  });

  it('refuses invalid input', () => {
    assert.throws(() => jsonFeeder({ text: '[', is }), /feeder "text" is not JSON/);
    assert.throws(() => jsonFeeder({ text: '{}', is }), /is not an array/);
    assert.throws(() => jsonFeeder({ text: '[{"id":"x"},{"id":2}]', is }), /that `is` refuses: \{"id":2\} at index 1/);
    assert.throws(() => jsonFeeder({ text: '[1]', is }), /that `is` refuses: 1 at index 0/);
    assert.throws(() => jsonFeeder({ text: '[]', is }), /has no rows/);
  });
});
