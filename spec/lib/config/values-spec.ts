import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { loadText } from './loadText.js';
import { probeText } from './probe.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
writeFileSync(join(folder, 't.props'), 'a=1\r\n # c\r\nk = blank\r\nk=v=w\r\nk=later\r\nempty=\r\n');
writeFileSync(join(folder, 'large.props'), `a=1\n${'#'.repeat(1024 * 1024)}`);
execFileSync('mkfifo', [join(folder, 'pipe')]);
const ENV = {
  X: 'v',
  N: '7',
  F: '1.5',
  T: 'true',
  EMPTY: '',
  D: '5s',
  SIZE: '4kb',
  NEST: '${X}',
  'a:b': 'colon',
  OUT: 'o',
};

/** The decoded options of the probe, or the codes and paths of the issues. */
async function read(options: string): Promise<unknown> {
  const result = await loadText(probeText(options), ENV, folder);
  if (!isLeft(result)) return result.right.pools[0]?.ammo.options;
  assert.ok(result.left instanceof ConfigError, String(result.left));
  return result.left.issues.map(({ code, path }) => `${path.replace('pools[0].ammo.', '')} ${code}`).join(', ');
}

type Row = readonly [sentence: string, options: string, key: string, value: unknown];

const ACCEPTED: readonly Row[] = [
  ['null leaves the default', 'int: ~, text:', 'text', ''],
  ['an integer for a float', 'float: 3', 'float', 3],
  ['a float for an integer is cut off', 'int: 3.9', 'int', 3],
  ['true in any of its cases', 'flag: TRUE', 'flag', true],
  ['underscores in numbers, as Pandora reads them', 'int: 10_000', 'int', 10_000],
  ['octal by a leading 0, as Pandora reads it', 'int: 0644', 'int', 420],
  ['binary', 'int: 0b101', 'int', 5],
  ['hexadecimal', 'int: 0x1f', 'int', 31],
  ['keys in any case', 'INT: 1, Inner: {SIZE: 1}', 'inner', { size: 1 }],
  ['a reference in the midst of text', 'text: "a${X}b${env:X}c${ENV:X}"', 'text', 'avbvcv'],
  ['blanks around prefix and name', 'text: "${ env : X }${ X }"', 'text', 'vv'],
  ['the name may hold colons after the first', 'text: "${env:a:b}"', 'text', 'colon'],
  ['another prefix stays', 'text: "${foo:bar} ${foo:X}"', 'text', '${foo:bar} ${foo:X}'],
  ['no name stays', 'text: "${} $X {X}"', 'text', '${} $X {X}'],
  ['an unclosed one stays, the next is replaced', 'text: "${X ${X}"', 'text', '${X v'],
  ['values are not searched again', 'text: "${NEST}"', 'text', '${X}'],
  ['an empty variable is empty text', 'text: "${EMPTY}"', 'text', ''],
  ['a property: the first line with that key, all after the first =', 'text: "${property:t.props#k}"', 'text', 'v=w'],
  ['a property in the midst', 'text: "<${Property: t.props#a }>"', 'text', '<1>'],
  ['an empty property', 'text: "${property:t.props#empty}"', 'text', ''],
  ['blanks of a property key count', 'text: "${property:t.props#k }."', 'text', 'v=w.'],
  ['a reference alone may be a number', 'int: "${N}"', 'int', 7],
  ['a reference alone may be a float', 'float: "${F}"', 'float', 1.5],
  ['a reference alone may be a flag', 'flag: "${T}"', 'flag', true],
  ['a reference alone may be a duration', 'wait: "${D}"', 'wait', 5000],
  ['a reference alone may be bare nanoseconds', 'wait: "${N}"', 'wait', 7e-6],
  ['a reference alone may be a size', 'inner: {size: "${SIZE}"}', 'inner', { size: 4096 }],
  ['a property alone may be a number', 'int: "${property:t.props#a}"', 'int', 1],
  ['a reference in a list', 'list: [a, "${X}"]', 'list', ['a', 'v']],
  ['a duration made of text and a reference', 'wait: "${N}ms"', 'wait', 7],
];

const REFUSED: readonly (readonly [sentence: string, options: string, issues: string])[] = [
  ['text for a number', 'int: "1"', 'int wrong-type'],
  ['a number for text', 'text: 1', 'text wrong-type'],
  ['a flag for text', 'text: true', 'text wrong-type'],
  ['a scalar for a list', 'list: a', 'list not-a-list'],
  ['a list for text', 'text: [a]', 'text wrong-type'],
  ['yes is text', 'flag: yes', 'flag wrong-type'],
  ['on is text', 'flag: on', 'flag wrong-type'],
  ['y is text', 'flag: y', 'flag wrong-type'],
  ['a negative number for an unsigned one', 'unsigned: -1', 'unsigned negative-number'],
  ['an unknown key', 'nope: 1', 'nope unknown-key'],
  ['an unknown key inside', 'inner: {nope: 1}', 'inner.nope unknown-key'],
  ['the same key in two spellings', 'int: 1, INT: 2', 'INT duplicate-key'],
  ['a variable that is not set', 'text: "${NOPE}"', 'text bad-reference'],
  ['a variable that is not set, told once', 'int: "${NOPE}"', 'int bad-reference'],
  ['names of variables have a case', 'text: "${x}"', 'text bad-reference'],
  ['two references without a value', 'text: "${NOPE}${NEITHER}"', 'text bad-reference, text bad-reference'],
  ['no such file', 'text: "${property:nope.props#k}"', 'text bad-reference'],
  ['a name that only the prototype has', 'text: "${env:__proto__}"', 'text bad-reference'],
  ['another one', 'text: "${toString}"', 'text bad-reference'],
  ['a device as properties, which would not end', 'text: "${property:/dev/zero#a}"', 'text bad-reference'],
  ['a named pipe without a writer', 'text: "${property:pipe#a}"', 'text bad-reference'],
  ['a directory', 'text: "${property:.#a}"', 'text bad-reference'],
  ['properties above 1 MiB', 'text: "${property:large.props#a}"', 'text bad-reference'],
  ['no such key', 'text: "${property:t.props#nope}"', 'text bad-reference'],
  ['a property without a key', 'text: "${property:t.props}"', 'text bad-reference'],
  ['a number with text before it', 'int: "1${N}"', 'int wrong-type'],
  ['a number with blanks around it', 'int: " ${N} "', 'int wrong-type'],
  ['two references are no number', 'int: "${N}${N}"', 'int wrong-type'],
  ['a reference that is no number', 'int: "${X}"', 'int wrong-type'],
  ['a negative reference for an unsigned number', 'unsigned: "-${N}"', 'unsigned wrong-type'],
  ['a reference for a list', 'list: "${X}"', 'list not-a-list'],
  ['a reference for a map', 'inner: "${X}"', 'inner not-a-map'],
  ['a reference for a sink', 'sink: "${OUT}"', 'sink not-a-map'],
  ['no unit', 'wait: "10"', 'wait bad-duration'],
];

describe('values in a config', () => {
  after(() => rmSync(folder, { recursive: true }));

  for (const [sentence, options, key, value] of ACCEPTED) {
    it(sentence, async () => {
      const config = await read(options);
      assert.equal(typeof config, 'object', String(config));
      assert.deepEqual((config as Record<string, unknown>)[key], value);
    });
  }
  for (const [sentence, options, issues] of REFUSED) {
    it(`refused: ${sentence}`, async () => assert.equal(await read(options), issues));
  }

  it('a reference that is part of a sink is a path', async () => {
    const config = (await read('sink: "./${OUT}.log"')) as { sink: { name: string; options: unknown } };
    assert.deepEqual([config.sink.name, config.sink.options], ['file', { path: './o.log' }]);
  });
});
