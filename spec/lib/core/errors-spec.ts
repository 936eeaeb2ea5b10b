import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { lastValueFrom } from 'rxjs';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { allOrErrors, combineErrors, describeError, withContext } from '../../../lib/core/errorContext.js';
import { ElpisError, type ErrorCode, isElpisError } from '../../../lib/core/errors.js';
import { type PackedError, packError, unpackError } from '../../../lib/core/packedError.js';
import { run } from '../../../lib/run/run.js';

/** A second copy of a module, as a second installation of the package has it. */
const secondCopy = async (): Promise<{
  readonly ElpisError: typeof ElpisError;
  readonly isElpisError: typeof isElpisError;
}> => import(`${new URL('../../../lib/core/errors.ts', import.meta.url).href}?second`);

describe('ElpisError', () => {
  it('instanceof and isElpisError recognize an error of another copy of the package, both ways', async () => {
    const other = await secondCopy();
    assert.notEqual(other.ElpisError, ElpisError, 'these are two copies');
    const [here, there] = [new ElpisError('ELPIS_AMMO', 'a'), new other.ElpisError('ELPIS_SINK', 'b')];
    assert.ok(there instanceof ElpisError && here instanceof other.ElpisError);
    assert.ok(isElpisError(there, 'ELPIS_SINK') && other.isElpisError(here, 'ELPIS_AMMO'));
    assert.ok(!isElpisError(there, 'ELPIS_AMMO'));
  });

  it('nothing else is an ElpisError, and only an error of a subclass is an instance of it', () => {
    const likeness = Object.assign(new Error('no'), { name: 'ElpisError', code: 'ELPIS_AMMO' });
    for (const value of [likeness, new Error('no'), undefined, null, 'ELPIS_AMMO', { code: 'ELPIS_AMMO' }]) {
      assert.ok(!isElpisError(value), inspect(value));
      assert.ok(!(value instanceof ElpisError), inspect(value));
    }
    assert.ok(new ConfigError('drawn', []) instanceof ElpisError);
    assert.ok(new ConfigError('drawn', []) instanceof ConfigError);
    assert.ok(!(new ElpisError('ELPIS_CONFIG', 'x') instanceof ConfigError));
  });

  it('an unknown value is no property, so a printed error shows only known values', () => {
    assert.deepEqual(Object.keys(new ElpisError('ELPIS_AMMO', 'a', { hint: 'h', pool: undefined })).sort(), [
      'code',
      'hint',
      'name',
    ]);
  });

  it('the example of its docstring works', async () => {
    const source = readFileSync(new URL('../../../lib/core/errors.ts', import.meta.url), 'utf8');
    const [, drawn = ''] = /@example\n([\s\S]*?)\n \*\/\nexport class ElpisError/.exec(source) ?? [];
    const example = drawn.replaceAll(/^ \* ?/gm, '');
    assert.match(example, /isElpisError\(error, 'ELPIS_NO_AMMO'\)/);
    const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    writeFileSync(join(folder, 'empty.uri'), '\n\n');
    writeFileSync(
      join(folder, 'load.yaml'),
      `pools:
  - id: shop
    gun: {type: http, target: "127.0.0.1:1"}
    ammo: {type: uri, file: ${join(folder, 'empty.uri')}}
    result: {type: discard}
    rps: {type: once, times: 1}
    startup: {type: once, times: 1}
`,
    );
    const logged: unknown[][] = [];
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor;
    const play = new AsyncFunction('lastValueFrom', 'run', 'isElpisError', 'console', example) as (
      ...args: readonly unknown[]
    ) => Promise<void>;
    const here = (path: string) => run(path, { cwd: folder });
    await play(lastValueFrom, here, isElpisError, { log: (...args: unknown[]) => logged.push(args) });
    rmSync(folder, { recursive: true });
    assert.deepEqual(logged, [['shop', 'the file may be the wrong one']]);
  });
});

describe('withContext', () => {
  const gun = { kind: 'gun', name: 'http' };

  it('adds the missing fields of an ElpisError, and keeps the error and its code', () => {
    const error = new ElpisError('ELPIS_NO_AMMO', 'no ammo', { hint: 'look' });
    assert.equal(withContext(error, { component: gun, instance: 3 }, { code: 'ELPIS_GUN', what: 'never said' }), error);
    assert.equal(withContext(error, { pool: 'p', component: { kind: 'gun', name: 'outer' }, instance: 9 }), error);
    const { code, message, hint, pool, component, instance } = error;
    assert.deepEqual(
      { code, message, hint, pool, component, instance },
      {
        code: 'ELPIS_NO_AMMO',
        message: 'pool "p": no ammo',
        hint: 'look',
        pool: 'p',
        component: gun,
        instance: 3,
      },
    );
  });

  it('names the pool once, also when it is added several times', () => {
    const error = new ElpisError('ELPIS_NO_AMMO', 'no ammo');
    assert.equal(withContext(withContext(error, { pool: 'p' }), { pool: 'p' }).message, 'pool "p": no ammo');
  });

  it('an error that two pools share names the pool in each', () => {
    const error = new ConfigError('no ammo', []);
    const [a, b] = [withContext(error, { pool: 'a' }), withContext(error, { pool: 'b' })];
    assert.deepEqual([a.pool, a.message, b.pool, b.message], ['a', 'pool "a": no ammo', 'b', 'pool "b": no ammo']);
    assert.ok(b instanceof ConfigError && b.stack === error.stack);
  });

  it('wraps any other error with the given code; without a code it is a defect of Elpis', () => {
    const cause = new TypeError('boom');
    const wrapped = withContext(cause, { component: gun }, { code: 'ELPIS_GUN', what: 'gun "http" cannot be made' });
    assert.deepEqual(
      [wrapped.code, wrapped.message, wrapped.cause],
      ['ELPIS_GUN', 'gun "http" cannot be made: boom', cause],
    );
    assert.ok(isElpisError(withContext('text'), 'ELPIS_INTERNAL'));
    assert.match(withContext('text').message, /text/);
  });

  it('combineErrors: the first is outermost, the others are attached, each message once', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((message) => new ElpisError('ELPIS_SINK', message)) as [
      ElpisError,
      ElpisError,
      ElpisError,
    ];
    const again = new ElpisError('ELPIS_SINK', 'a');
    assert.equal(combineErrors([]), undefined);
    assert.equal(combineErrors([c]), c);
    assert.equal(c.also, undefined);
    assert.equal(combineErrors([a, again, b, c, a]), a);
    assert.deepEqual(a.also, [b, c]);
  });

  it('allOrErrors: the results of all values, or the errors of all wrong ones together', () => {
    const half = (n: number): number => {
      if (n % 2 !== 0) throw new ElpisError('ELPIS_USAGE', `${n} is odd`);
      return n / 2;
    };
    assert.deepEqual(allOrErrors([2, 4], half), [1, 2]);
    assert.throws(
      () => allOrErrors([1, 2, 3], half),
      (error) => isElpisError(error) && error.message === '1 is odd' && error.also?.[0]?.message === '3 is odd',
    );
    const broken = (): never => {
      throw new RangeError('boom');
    };
    assert.throws(() => allOrErrors([1], broken), RangeError);
  });

  it('describeError returns the message of an error, and any other value as text', () => {
    assert.deepEqual([new Error('a'), 'b', 5, null, undefined].map(describeError), [
      'a',
      'b',
      '5',
      'null',
      'undefined',
    ]);
  });
});

describe('an error for another thread', () => {
  it('arrives with its code, its fields, its cause and the further errors', () => {
    const also = new ElpisError('ELPIS_SINK', 'full', { component: { kind: 'aggregator', name: 'csv' } });
    const cause = new TypeError('boom');
    const fields = {
      hint: 'h',
      pool: 'p',
      component: { kind: 'gun', name: 'g' },
      instance: 4,
      thread: 1,
      place: '/a.ts:1:2',
    };
    const error = new ElpisError('ELPIS_SHOT', 'no', { ...fields, cause, also: [also] });
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(packError(error));
    const received = receiveMessageOnPort(port2)?.message as PackedError;
    port1.close();
    const restored = unpackError(received);
    assert.ok(isElpisError(restored, 'ELPIS_SHOT') && restored instanceof ElpisError);
    const { code, message, stack, hint, pool, component, instance, thread, place } = restored;
    assert.deepEqual(
      { code, message, stack, hint, pool, component, instance, thread, place },
      {
        code: 'ELPIS_SHOT' satisfies ErrorCode,
        message: 'no',
        stack: error.stack,
        ...fields,
      },
    );
    assert.deepEqual([restored.also?.[0]?.code, restored.also?.[0]?.component], [also.code, also.component]);
    const { name, message: said, stack: at } = restored.cause as Error;
    assert.deepEqual([name, said, at], ['TypeError', 'boom', cause.stack]);
  });
});
