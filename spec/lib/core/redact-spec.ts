import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ElpisError } from '../../../lib/core/errors.js';
import { Redactor, withoutCredentials } from '../../../lib/core/redact.js';

const ADDRESSES: readonly (readonly [text: string, shown: string])[] = [
  ['http://ann:hope@host/a', 'http://***@host/a'],
  ['http://ann@host/a', 'http://***@host/a'],
  ['http://ann:p@ss@host', 'http://***@host'],
  ['at "https://ann:hope@[::1]:8/": refused', 'at "https://***@[::1]:8/": refused'],
  ['http://host/a@b', 'http://host/a@b'],
  ['http://host/?q=a@b', 'http://host/?q=a@b'],
  ['mail ann@host', 'mail ann@host'],
  ['ann:hope@host:80', '***@host:80'],
  ['got "ann:hope@host"', 'got "***@host"'],
  ["target='ann:p@s/s:@[::1]:80'", "target='***@[::1]:80'"],
  ['unix:/run/a@b.sock', 'unix:/run/a@b.sock'],
  ['pools[0].gun: ann@host', 'pools[0].gun: ann@host'],
  ['"http://host/a:b@c"', '"http://host/a:b@c"'],
  ['(file:///a/node_modules/@b/c.js:1:2)', '(file:///a/node_modules/@b/c.js:1:2)'],
  ['/a?token=1&b=2&X-Amz-Signature=3#f', '/a?token=***&b=2&X-Amz-Signature=***#f'],
  ['/a?api_key=1&apikey=2&client_secret=3&password=4', '/a?api_key=***&apikey=***&client_secret=***&password=***'],
];

describe('withoutCredentials', () => {
  for (const [text, shown] of ADDRESSES)
    it(`${text} is shown as ${shown}`, () => assert.equal(withoutCredentials(text), shown));
});

describe('a redactor', () => {
  it('reads a long text once', () => {
    const text = 'a:,b:='.repeat(100_000);
    assert.equal(withoutCredentials(text), text);
  });

  it('shows the reference instead of its value, the longest value first', () => {
    const redactor = new Redactor([
      ['hope', '${A}'],
      ['hopeless', '${B}'],
    ]);
    assert.equal(redactor.text('hopeless hope.'), '${B} ${A}.');
  });

  it('finds a value as it is escaped in JSON and URLs', () => {
    const redactor = new Redactor([['a "b" c', '${A}']]);
    assert.equal(redactor.text('"a \\"b\\" c" a%20%22b%22%20c'), '"${A}" ${A}');
  });

  it('finds a value literally, with any characters', () => {
    const redactor = new Redactor([['.*(+?[^$', '${A}']]);
    assert.equal(redactor.text('abc .*(+?[^$'), 'abc ${A}');
  });

  it('does not hide values that occur everywhere', () => {
    for (const harmless of ['', 'abc', 'true', 'FALSE', '8080', '500', '-1.5', '1234567', '30s', '250ms']) {
      assert.equal(new Redactor([[harmless, '${A}']]).text(`x${harmless}y`), `x${harmless}y`);
    }
    for (const secret of ['abcd', '12345678', 'trust'])
      assert.equal(new Redactor([[secret, '${A}']]).text(secret), '${A}');
  });

  it('changes plain data and maps, with their keys, and does not change other objects', () => {
    const redactor = new Redactor([['hope', '${A}']]);
    const url = new URL('http://h/hope');
    assert.deepEqual(redactor.data({ hope: ['hope', 5, null, { url }] }), { '${A}': ['${A}', 5, null, { url }] });
    const twice = new Map([
      ['hope', 1],
      ['${A}', 2],
    ]);
    assert.deepEqual(
      [...redactor.data(twice)],
      [
        ['${A}', 1],
        ['${A} (2)', 2],
      ],
    );
  });

  it('changes an error, its causes and the further errors', () => {
    const redactor = new Redactor([['hope', '${A}']]);
    const also = [new ElpisError('ELPIS_GUN', 'also hope')];
    const error = new ElpisError('ELPIS_GUN', 'no hope', {
      cause: new Error('hope'),
      hint: 'hope',
      also,
      place: 'hope:1:1',
    });
    assert.equal(redactor.error(error), error);
    const { message, stack, hint, place, cause } = error;
    assert.doesNotMatch(
      [message, stack, hint, place, also[0]?.message, (cause as Error).message, (cause as Error).stack].join(),
      /hope/,
    );
  });

  it('ends for circular causes', () => {
    const error = new Error('hope');
    error.cause = error;
    assert.equal(new Redactor([['hope', '${A}']]).error(error).message, '${A}');
  });

  it('passes on what is not an error, and an error that is frozen', () => {
    const redactor = new Redactor([['hope', '${A}']]);
    assert.equal(redactor.error('hope'), 'hope');
    assert.equal(redactor.error(Object.freeze(new Error('hope'))).message, 'hope');
  });
});
