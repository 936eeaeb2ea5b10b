import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { NEVER } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import {
  constant,
  jittered,
  line,
  mixed,
  once,
  poissonArrivals,
  trace,
  unlimited,
} from '../../../lib/builtins/components.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { Reference } from '../../../lib/codec/reference.js';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan } from '../../../lib/core/plan.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-schedules-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'times.csv');
writeFileSync(file, 'id,at,late\n1,10,20\n2,11,20\n3,13,30\n');

const codec = pluginCodecs(builtins()).schedule;
function made(spec: unknown, deps = fakeDeps()): Plan {
  const decoded = codec.decode(spec);
  if (isLeft(decoded))
    assert.fail((decoded.left as CodecIssue[]).map(({ code, expected }) => `${code} ${expected}`).join());
  const plan = decoded.right.create(deps);
  assert.ok(isPlan(plan));
  return plan;
}
function issue(spec: unknown): readonly [code: string, path: string] {
  const decoded = codec.decode(spec);
  assert.ok(isLeft(decoded));
  const [first] = decoded.left as CodecIssue[];
  const path = first?.context.map(({ key }) => key).filter((key) => key !== '');
  return [String(first?.code), String(path?.join('.'))];
}
const ms = (plan: Plan): number[] => Array.from({ length: plan.count }, (_, i) => plan.atNs(i) / 1e6);
const steady = { type: 'const', ops: 10, duration: '1s' };
const burst = { type: 'once', times: 2 };
const endless = { type: 'unlimited', duration: '1s' };

describe('mix', () => {
  it('adds schedules up, lists among them', () => {
    const plan = made({ type: 'mix', nested: [steady, [{ type: 'const', duration: '450ms' }, burst]] });
    assert.deepEqual(ms(plan).slice(3, 8), [300, 400, 450, 450, 500]);
    assert.equal(plan.count, 12);
  });

  it('is nothing by default', () => assert.equal(made({ type: 'mix' }).count, 0));

  it('refuses unlimited schedules, and other values than lists', () => {
    assert.deepEqual(issue({ type: 'mix', nested: [steady, endless] }), ['bad-value', 'nested.1']);
    assert.deepEqual(issue({ type: 'mix', nested: [[steady, [burst, endless]]] }), ['bad-value', 'nested.0']);
    assert.equal(issue({ type: 'mix', nested: 5 })[0], 'not-a-list');
    assert.equal(issue({ type: 'mix', nested: [{ type: 'const' }] })[0], 'required');
  });
});

describe('poisson', () => {
  it('moves by the seed, which is 1 by default', () => {
    const plan = made({ type: 'poisson', nested: steady });
    assert.equal(plan.count, 10);
    assert.notDeepEqual(ms(plan), ms(made(steady)));
    assert.deepEqual(ms(plan), ms(made({ type: 'poisson', nested: steady, seed: 1 })));
    assert.notDeepEqual(ms(plan), ms(made({ type: 'poisson', nested: steady, seed: 2 })));
  });

  it('reads a list as a composite', () => {
    assert.equal(made({ type: 'poisson', nested: [steady, burst] }).count, 12);
  });

  it('refuses a missing schedule, and a seed that is no number', () => {
    assert.deepEqual(issue({ type: 'poisson' }), ['required', 'nested']);
    assert.deepEqual(issue({ type: 'poisson', nested: [steady, endless] }), ['bad-value', 'nested']);
    assert.deepEqual(issue({ type: 'poisson', nested: steady, seed: 'x' }), ['wrong-type', 'seed']);
  });
});

describe('jitter', () => {
  it('moves by up to the amount', () => {
    const plan = made({ type: 'jitter', nested: steady, amount: '20ms', seed: 3 });
    assert.ok(ms(plan).every((at, i) => Math.abs(at - i * 100) <= 20));
    assert.notDeepEqual(ms(plan), ms(made(steady)));
    assert.deepEqual(ms(made({ type: 'jitter', nested: steady, amount: 0 })), ms(made(steady)));
  });

  it('refuses a missing amount, and one below 0', () => {
    assert.deepEqual(issue({ type: 'jitter', nested: steady }), ['required', 'amount']);
    assert.deepEqual(issue({ type: 'jitter', nested: steady, amount: '-1s' }), ['min-time', 'amount']);
    assert.deepEqual(issue({ type: 'jitter', amount: '1s' }), ['required', 'nested']);
    const deep = { type: 'poisson', nested: endless };
    assert.deepEqual(issue({ type: 'jitter', amount: '1s', nested: deep }), ['bad-value', 'nested.nested']);
  });
});

describe('trace', () => {
  const base = { type: 'trace', file, format: 'csv' };
  const rows: readonly [sentence: string, options: object, ms: readonly number[]][] = [
    ['a column by its number', { column: 2 }, [0, 1000, 3000]],
    ['a column by its name', { column: 'at' }, [0, 1000, 3000]],
    ['a number that came from a reference', { column: new Reference('2', '${COLUMN}') }, [0, 1000, 3000]],
    ['a unit', { column: 2, unit: 'ms' }, [0, 1, 3]],
    ['faster', { column: 2, speed: 10 }, [0, 100, 300]],
    ['twice', { column: 2, passes: 2 }, [0, 1000, 3000, 4500, 5500, 7500]],
    ['those at once', { column: 'late' }, [0, 0, 10_000]],
    ['those at once spread', { column: 'late', resolution: '1s' }, [0, 500, 10_000]],
  ];
  for (const [sentence, options, expected] of rows)
    it(sentence, () => assert.deepEqual(ms(made({ ...base, ...options })), expected));

  it('takes the first column by default', () => assert.deepEqual(ms(made(base)), [0, 1000, 2000]));

  it('logs disorder', () => {
    const log = new FakeLog();
    const unsorted = join(folder, 'jumbled.csv');
    writeFileSync(unsorted, '2\n1\n');
    assert.equal(made({ ...base, file: unsorted }, fakeDeps({ log })).count, 2);
    assert.equal(log.lines.length, 1);
  });

  it('is refused when the config is read, if that is possible', () => {
    assert.deepEqual(issue({ type: 'trace', format: 'csv' }), ['required', 'file']);
    assert.deepEqual(issue({ type: 'trace', file }), ['required', 'format']);
    assert.deepEqual(issue({ ...base, file: join(folder, 'none') }), ['missing-file', 'file']);
    assert.deepEqual(issue({ ...base, format: 'apache' }), ['one-of', 'format']);
    assert.deepEqual(issue({ ...base, unit: 'min' }), ['one-of', 'unit']);
    assert.deepEqual(issue({ ...base, column: 0 }), ['min', 'column']);
    assert.deepEqual(issue({ ...base, column: 1.5 }), ['wrong-type', 'column']);
    assert.deepEqual(issue({ ...base, column: '' }), ['wrong-type', 'column']);
    assert.deepEqual(issue({ ...base, column: true }), ['wrong-type', 'column']);
    assert.deepEqual(issue({ ...base, speed: 0 }), ['min', 'speed']);
    assert.deepEqual(issue({ ...base, passes: 0 }), ['min', 'passes']);
    assert.deepEqual(issue({ ...base, resolution: '-1s' }), ['min-time', 'resolution']);
  });

  it('is refused with file and line when it is played', () => {
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, '1\nx\n');
    assert.throws(
      () => made({ ...base, file: broken }).count,
      (error) => isElpisError(error, 'ELPIS_SOURCE') && /broken\.csv:2: "x" is not a time/.test(error.message),
    );
  });
});

describe('in code', () => {
  it('they are the schedules of the config', () => {
    const nested = constant({ ops: 10, duration: '1s' });
    assert.deepEqual(
      ms(poissonArrivals({ nested, seed: 4 }).plan),
      ms(made({ type: 'poisson', nested: steady, seed: 4 })),
    );
    assert.deepEqual(
      ms(jittered({ nested, amount: '20ms' }).plan),
      ms(made({ type: 'jitter', nested: steady, amount: '20ms' })),
    );
    assert.deepEqual(
      ms(mixed({ nested: [nested, once({ times: 2 })] }).plan),
      ms(made({ type: 'mix', nested: [steady, burst] })),
    );
    assert.deepEqual(ms(trace({ file, format: 'csv', column: 'at' }).plan), [0, 1000, 3000]);
  });

  it('they refuse a stream of ticks', () => {
    assert.throws(
      () => poissonArrivals({ nested: NEVER }).plan.count,
      /schedule "own" is a stream, so it cannot be part of a poisson schedule/,
    );
    assert.throws(() => jittered({ nested: NEVER, amount: '1s' }).plan.count, /part of a jitter schedule/);
    assert.throws(() => mixed({ nested: [line({ to: 5, duration: '1s' }), NEVER] }).plan.count, /part of a mix/);
    assert.throws(
      () => mixed({ nested: [unlimited({ duration: '1s' })] }).plan.count,
      /a schedule without an unlimited part/,
    );
    const stream = ticks(unlimitedPlan({ duration: 1e9 }));
    assert.throws(() => mixed({ nested: [stream] }).plan.count, /a schedule without an unlimited part/);
  });
});
