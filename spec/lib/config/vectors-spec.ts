import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { byteSize } from '../../../lib/codec/byteSize.js';
import { duration } from '../../../lib/codec/duration.js';
import type { Issue } from '../../../lib/codec/issue.js';
import { Reference } from '../../../lib/codec/reference.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import type { Config } from '../../../lib/config/config.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import type { ConfiguredComponent } from '../../../lib/plugin/configured.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

interface Expected {
  readonly accepted?: true;
  readonly error?: string;
  readonly pools?: readonly {
    readonly id: string;
    readonly rpsPerInstance: boolean;
    readonly discardOverflow: boolean;
    readonly startupTokens: number;
    readonly rpsTokens: number;
  }[];
  readonly log?: unknown;
  readonly expvar?: unknown;
}
interface ConfigVector {
  readonly id: string;
  readonly format: 'yaml' | 'json';
  readonly text: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly expect: Expected;
}
interface Vectors {
  readonly config: readonly ConfigVector[];
  readonly durations: readonly { input: string; expect: { ns?: string } }[];
  readonly dataSizes: readonly { input: string; expect: { bytes?: string } }[];
}
const vectors = JSON.parse(readFileSync('spec/vectors/config.json', 'utf8')) as Vectors;

/** The intended differences of Elpis, with the reason. */
const EXCEPTIONS: Readonly<Record<string, { readonly expect: Expected; readonly because: string }>> = {
  'discard-dash': {
    expect: { accepted: true },
    because: 'dashes and underscores in keys do not count: discard-overflow can only mean discard_overflow',
  },
  'dial-underscore': { expect: { accepted: true }, because: 'the same: dns_cache can only mean dns-cache' },
  'grpc-use-shared-client': {
    expect: { error: 'unknown-key' },
    because: 'gun options are checked with the config, not when the pool starts',
  },
};

/** The names of the keys of a pool in the vectors. */
const OPTION_KEYS: Readonly<Record<string, string>> = {
  newgun: 'gun',
  provider: 'ammo',
  aggregator: 'result',
  newrpsschedule: 'rps',
  startupschedule: 'startup',
};

const lastKey = (path: string): string => path.replace(/.*\./, '').toLowerCase().replaceAll(/[-_]/g, '');

/** True when one of the issues is that of the vector. */
function matches(name: string, issues: readonly Issue[]): boolean {
  const codes = issues.map(({ code }) => code);
  if (name === 'duplicate-yaml-key') return codes.includes('duplicate-key');
  if (name === 'property-reference-without-key') return codes.includes('bad-reference');
  if (name === 'pools-must-be-a-list-of-maps')
    return issues.some(({ code, path }) => ['not-a-list', 'not-a-map'].includes(code) && path.startsWith('pools'));
  if (!name.startsWith('validation:')) return codes.some((code) => code === name);
  const rules = name.slice('validation:'.length).split(',');
  return rules.every((rule) => {
    const [option = '', code = ''] = rule.split(':');
    const key = OPTION_KEYS[option] ?? option.replaceAll(/[-_]/g, '');
    // Where Pandora reads an absent option as zero and then finds it too small, Elpis says that it is missing.
    return issues.some((issue) => lastKey(issue.path) === key && [code, 'required'].includes(issue.code));
  });
}

function tokens(schedule: ConfiguredComponent<'schedule'>): number {
  const plan = schedule.create(fakeDeps());
  assert.ok(isPlan(plan));
  return Number.isFinite(plan.count) ? plan.count : -1;
}

function checkAccepted(config: Config, expected: Expected): void {
  expected.pools?.forEach((pool, i) => {
    const actual = config.pools[i];
    assert.ok(actual);
    assert.equal(actual.id, pool.id === '' ? `pool_${i}` : pool.id);
    assert.equal(actual.rpsPerInstance, pool.rpsPerInstance);
    assert.equal(actual.discardOverflow, pool.discardOverflow);
    assert.equal(tokens(actual.startup), pool.startupTokens);
    assert.equal(tokens(actual.rps), pool.rpsTokens);
  });
  if (expected.log !== undefined) assert.deepEqual(config.log, expected.log);
  if (expected.expvar !== undefined) {
    // Pandora has no host.
    const { host: _host, ...expvar } = config.monitoring.expvar;
    assert.deepEqual(expvar, expected.expvar);
  }
}

describe('conformance vectors', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const vector of vectors.config) {
    const exception = EXCEPTIONS[vector.id];
    it(`config ${vector.id}${exception === undefined ? '' : ` differs: ${exception.because}`}`, async () => {
      const expected = exception?.expect ?? vector.expect;
      for (const [name, content] of Object.entries(vector.files ?? {})) writeFileSync(join(folder, name), content);
      writeFileSync(join(folder, 'load.json'), vector.text);
      const location = vector.format === 'json' ? 'load.json' : '-';
      const stdin = Readable.from([vector.text]);
      const result = await loadConfig(location, { registry: builtins(), env: vector.env ?? {}, stdin, cwd: folder })();
      if (expected.error === undefined) {
        if (isLeft(result)) assert.fail(result.left.message);
        checkAccepted(result.right, expected);
        return;
      }
      assert.ok(isLeft(result), 'must be refused');
      assert.ok(result.left instanceof ConfigError, String(result.left));
      assert.ok(matches(expected.error, result.left.issues), `${expected.error} is not in\n${result.left.message}`);
    });
  }

  for (const { input, expect } of vectors.durations) {
    it(`duration ${JSON.stringify(input)}`, () => {
      const result = duration.decode(input);
      if (expect.ns === undefined) assert.ok(isLeft(result));
      else assert.deepEqual(result, { _tag: 'Right', right: Number(expect.ns) / 1e6 });
    });
  }

  for (const { input, expect } of vectors.dataSizes) {
    it(`size ${JSON.stringify(input)}, literal or by reference`, () => {
      const results = [byteSize.decode(input), byteSize.decode(new Reference(input, '${SIZE}'))];
      for (const result of results) {
        if (expect.bytes === undefined) assert.ok(isLeft(result));
        else assert.ok(isRight(result) && result.right === Number(expect.bytes));
      }
    });
  }
});
