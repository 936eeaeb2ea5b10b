import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { recordSchema } from '../../../lib/record/recordSchema.js';
import { inFolder, recordOf, started, windowAt, windowEvent } from './recorded.js';
import { someEvent } from './someEvents.js';

const PAGE = 'docs/record.schema.json';
const validate = new Ajv({ strict: false }).compile(recordSchema());

describe('the schema of a record', () => {
  it(`is ${PAGE} (UPDATE=1 writes it)`, () => {
    const wanted = `${JSON.stringify(recordSchema(), null, 2)}\n`;
    if (process.env.UPDATE === '1') writeFileSync(PAGE, wanted);
    assert.equal(readFileSync(PAGE, 'utf8'), wanted);
  });

  it('accepts every line of a record', () =>
    inFolder(async (file) => {
      const [events = []] = fc.sample(fc.array(someEvent, { minLength: 200, maxLength: 200 }), { numRuns: 1, seed: 5 });
      const windows = Array.from({ length: 70 }, (_, i) => windowEvent('a', windowAt(i, ['x'])));
      await recordOf(file, [started('a'), ...events.filter(({ type }) => type !== 'run-started'), ...windows]);
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      assert.ok(lines.length > 250 && lines.some((line) => line.startsWith('{"type":"rollup"')));
      for (const line of lines) {
        assert.ok(validate(JSON.parse(line)), `${line.slice(0, 300)}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
      }
    }));

  for (const line of [
    { type: 'sunset' },
    { type: 'annotation', at: 1 },
    { type: 'elpis-record', major: '1', minor: 0, start: 1 },
    { type: 'rollup', everyMs: 60_000, pool: 'a', at: 1 },
    { type: 'command', at: 1, command: { type: 'rate' } },
  ]) {
    it(`refuses ${JSON.stringify(line)}`, () => {
      assert.equal(validate(line), false);
    });
  }
});
