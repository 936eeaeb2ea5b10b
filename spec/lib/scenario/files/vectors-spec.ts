import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { FileScenario, HttpRequestStep, VariableSource } from '../../../../lib/scenario/files/model.js';
import { parseItem } from '../../../../lib/scenario/files/requestList.js';
import { rotation } from '../../../../lib/scenario/files/rotation.js';
import { readScenarios, readText } from './readFile.js';

interface Failed {
  readonly error: string;
}

interface Section<V> {
  readonly vectors: readonly ({ readonly id: string } & V)[];
}

interface RotationEntry {
  readonly scenario: string;
  readonly minWaitMs: number;
  readonly requests: readonly { readonly name: string; readonly sleepMs: number }[];
}

interface HclRequest {
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly tag: string;
  readonly templater: string;
  readonly preprocessorMapping?: Readonly<Record<string, string>>;
}

interface HclModel {
  readonly requests: readonly HclRequest[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly requests: readonly string[];
    readonly weight: number;
    readonly min_waiting_time: number;
  }[];
  readonly sources: readonly {
    readonly type: string;
    readonly Name: string;
    readonly File?: string;
    readonly Fields?: readonly string[];
    readonly IgnoreFirstLine?: boolean;
    readonly Delimiter?: string;
    readonly Variables?: Readonly<Record<string, string>>;
  }[];
}

interface Vectors {
  readonly requestListItems: Section<{
    readonly expr: string;
    readonly expect: Failed | { readonly name: string; readonly count: number; readonly sleepMs: number };
  }>;
  readonly expansions: Section<{
    readonly yaml: string;
    readonly expect:
      | Failed
      | { readonly rotation: readonly RotationEntry[] }
      | { readonly rotationRuns: readonly { readonly entry: RotationEntry; readonly times: number }[] };
  }>;
  readonly hcl: Section<{ readonly hcl: string; readonly expect: Failed | HclModel }>;
}

const VECTORS = JSON.parse(readFileSync('spec/vectors/scenario-expr.json', 'utf8')) as Vectors;

/** The names of errors in the vectors, and what ours say. */
const ERRORS: Readonly<Record<string, RegExp>> = {
  'bad-brackets': /a name, or a name and brackets at its end/,
  'count-not-integer': /a whole number as the count/,
  'sleep-without-request': /a request before the first sleep/,
  'unknown-key': /unknown key/,
  'unknown-plugin-type': /a postprocessor: one of var\/jsonpath/,
  'wrong-type': /expected text|is true or false in YAML 1.1/,
  'file-missing': /nope\.csv/,
  'missing-attribute': /missing; expected headers = /,
  'unknown-attribute': /unknown attribute or block/,
};

function isFailed(expect: object): expect is Failed {
  return 'error' in expect;
}

/** The scenario of a rotation, request by request. */
function entryOf({ name, minWaitingTimeMs, runs }: FileScenario<HttpRequestStep>): RotationEntry {
  const requests = runs.flatMap(({ step, count, sleepMs, lastSleepMs }) =>
    Array.from({ length: count }, (_, i) => ({
      name: step.name,
      sleepMs: i === count - 1 ? lastSleepMs : sleepMs,
    })),
  );
  return { scenario: name, minWaitMs: minWaitingTimeMs, requests };
}

function sourceOf(source: VariableSource): HclModel['sources'][number] {
  const { type, name: Name } = source;
  if (source.type === 'variables') return { type, Name, Variables: source.variables as Record<string, string> };
  if (source.type === 'file/json') return { type, Name, File: source.file };
  const { file: File, fields: Fields, ignoreFirstLine: IgnoreFirstLine, delimiter: Delimiter } = source;
  return { type, Name, File, Fields, IgnoreFirstLine, Delimiter };
}

describe('items of lists of requests', () => {
  for (const { id, expr, expect } of VECTORS.requestListItems.vectors) {
    it(`vector ${id}: ${JSON.stringify(expr)}`, () => {
      const item = parseItem(expr);
      if (isFailed(expect))
        assert.match(isLeft(item) ? item.left.expected : 'accepted', ERRORS[expect.error] as RegExp);
      else assert.deepEqual(isLeft(item) ? item.left : item.right, expect);
    });
  }
});

describe('whole files in YAML', () => {
  for (const { id, yaml, expect } of VECTORS.expansions.vectors) {
    it(`vector ${id}`, () => {
      const { scenarios, errors } = readScenarios('s.yaml', yaml);
      if (isFailed(expect)) {
        assert.match(errors.join('\n'), ERRORS[expect.error] as RegExp);
        return;
      }
      assert.deepEqual(errors, []);
      const expected =
        'rotation' in expect
          ? expect.rotation
          : expect.rotationRuns.flatMap(({ entry, times }) => Array.from({ length: times }, () => entry));
      const all = scenarios?.file.scenarios ?? [];
      const order = rotation(all);
      // The vectors have the shortest order that repeats.
      const drawn = Array.from({ length: 2 * expected.length }, (_, index) => entryOf(all[order.at(index)] as never));
      assert.deepEqual(drawn, [...expected, ...expected]);
    });
  }
});

describe('whole files in HCL', () => {
  for (const { id, hcl, expect } of VECTORS.hcl.vectors) {
    it(`vector ${id}`, () => {
      const { file: read, errors } = readText('s.hcl', hcl);
      const file = read?.protocol === 'http' ? read : undefined;
      if (isFailed(expect)) {
        assert.match(errors.join('\n'), ERRORS[expect.error] as RegExp);
        return;
      }
      assert.deepEqual(errors, []);
      assert.deepEqual(
        file?.steps.map(
          ({ name, method, uri, headers, body = null, tag, templater, preprocessor, postprocessors }) => ({
            ...{ name, method, uri, headers, body, tag, templater, postprocessors },
            ...(preprocessor === undefined ? {} : { preprocessorMapping: preprocessor }),
          }),
        ),
        expect.requests,
      );
      assert.deepEqual(
        file?.scenarios.map(({ name, runs, weight, minWaitingTimeMs }) => ({
          ...{ name, requests: runs.map(({ step }) => step.name), min_waiting_time: minWaitingTimeMs },
          // A weight that is not written is 1.
          weight: weight === 1 ? 0 : weight,
        })),
        expect.scenarios,
      );
      assert.deepEqual(file?.variableSources.map(sourceOf), expect.sources);
    });
  }
});
