import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Path } from '../../../../lib/codec/report/path.js';
import { jsonRange } from '../../../../lib/codec/text/jsonPlaces.js';

/** The ways to all values in a value. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Array.isArray(value)
    ? value.flatMap((each: unknown, i) => pathsIn(each, [...path, i]))
    : Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]));
  return [path, ...inside];
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown>)[part], value);

describe('jsonRange', () => {
  const json = ' { "a" : [ 1 , {"b\\"":2.5e3, "c": "x,]}" } ] , "a2":null} ';
  const rows: readonly (readonly [path: Path, part: 'key' | 'value', found: string])[] = [
    [[], 'value', json.trim()],
    [['a'], 'key', '"a"'],
    [['a', 0], 'value', '1'],
    [['a', 1, 'b"'], 'value', '2.5e3'],
    [['a', 1, 'b"'], 'key', '"b\\""'],
    [['a', 1, 'c'], 'value', '"x,]}"'],
    [['a2'], 'value', 'null'],
    [['a', 0], 'key', '1'],
    [['a', 1, 'none'], 'value', '{"b\\"":2.5e3, "c": "x,]}" }'],
    [['a', 7], 'value', '[ 1 , {"b\\"":2.5e3, "c": "x,]}" } ]'],
    [['a2', 'x', 'y'], 'value', 'null'],
  ];
  for (const [path, part, found] of rows) {
    it(`finds the ${part} of ${JSON.stringify(path)}`, () => {
      assert.equal(json.slice(...jsonRange(json, path, part)), found);
    });
  }

  it('takes the last one of two equal keys, and compares keys as it is asked to', () => {
    assert.deepEqual(jsonRange('{"a":1,"a":2}', ['a'], 'value'), [11, 12]);
    const any = (name: string | number, part: string | number): boolean => String(name).toLowerCase() === part;
    assert.deepEqual(jsonRange('{"A":7}', ['a'], 'value', any), [5, 6]);
  });

  it('finds every value of any JSON', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (made, indent) => {
        // A key is written once, and __proto__ is no key in code.
        const written = JSON.parse(JSON.stringify(made)) as unknown;
        fc.pre(!JSON.stringify(made).includes('__proto__'));
        const text = JSON.stringify(written, null, indent);
        for (const path of pathsIn(written)) {
          assert.deepEqual(JSON.parse(text.slice(...jsonRange(text, path, 'value'))), at(written, path));
        }
      }),
    );
  });

  it('is not recursive, and ends for a text that is cut off', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    assert.deepEqual(jsonRange(deep, [0], 'value'), [1, 99_999]);
    for (let end = 0; end < json.length; end++) jsonRange(json.slice(0, end), ['a', 1, 'c'], 'value');
  });
});
