import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseUrl, type UrlPlace, withoutEmptyPort } from '../../../lib/protocols/requestUrl.js';

type Good = readonly [url: string, target: string, path: string, host: string, sentence: string];

const GOOD: readonly Good[] = [
  ['/', '/', '/', '', 'the shortest'],
  ['', '/', '', '', 'empty is the root, its path is empty'],
  ['/a?b=c&d', '/a?b=c&d', '/a', '', 'a query'],
  ['/a?', '/a?', '/a', '', 'an empty query keeps its mark'],
  ['/a??', '/a??', '/a', '', 'a query may begin with a question mark'],
  ['/a#f', '/a', '/a', '', 'a fragment is dropped'],
  ['/a?b#f', '/a?b', '/a', '', 'after a query too'],
  ['#', '/', '', '', 'nothing but a fragment'],
  ['*', '*', '*', '', 'the star stays'],
  ['*?a', '*?a', '*', '', 'with a query too'],
  ['a/b', 'a/b', 'a/b', '', 'no leading slash, none is added'],
  ["/-._~!$&'()*+,;=:@/[]", "/-._~!$&'()*+,;=:@/[]", "/-._~!$&'()*+,;=:@/[]", '', 'legal characters stay'],
  ['/a%2Fb', '/a%2Fb', '/a/b', '', 'good escapes stay'],
  ['/a%2fb%7E', '/a%2fb%7E', '/a/b~', '', 'as they are written'],
  ['/a b(c)', '/a%20b%28c%29', '/a b(c)', '', 'one bad character has the whole path escaped anew'],
  ['/a%2Fb c', '/a/b%20c', '/a/b c', '', 'which loses an escaped slash'],
  ['/é', '/%C3%A9', '/é', '', 'beyond ASCII'],
  ['/"<>|{}^`', '/%22%3C%3E%7C%7B%7D%5E%60', '/"<>|{}^`', '', 'illegal characters'],
  ['/a?é "<', '/a?é "<', '/a', '', 'the query is sent as it is'],
  ['/a?%zz', '/a?%zz', '/a', '', 'whatever it holds'],
  ['http://h/a', '/a', '/a', 'h', 'absolute'],
  ['HTTP://H:80/a', '/a', '/a', 'H:80', 'the host keeps its case and port'],
  ['http://h', '/', '', 'h', 'no path'],
  ['http://h?q', '/?q', '', 'h', 'no path, but a query'],
  ['http://u:p@h/a', '/a', '/a', 'h', 'a user is dropped'],
  ['//h/a', '/a', '/a', 'h', 'no scheme, but an authority'],
  ['///a', '///a', '///a', '', 'three slashes are a path'],
  ['http:///a', '/a', '/a', '', 'an empty authority'],
  ['http:/a', '/a', '/a', '', 'a scheme without an authority'],
  ['http://[::1]:80/a', '/a', '/a', '[::1]:80', 'IPv6'],
  ['http://[fe80::1%25en0]/', '/', '/', '[fe80::1%en0]', 'a zone'],
  ['http://h:/a', '/a', '/a', 'h:', 'an empty port'],
  ['http://a:b:80/', '/', '/', 'a:b:80', 'only the last colon begins a port'],
  ['http://%C3%A9/', '/', '/', 'é', 'escapes beyond ASCII in a host'],
  ['mailto:a@b?c', 'a@b?c', '', '', 'opaque'],
  ['/a:b', '/a:b', '/a:b', '', 'a colon after a slash'],
  ['a/b:c', 'a/b:c', 'a/b:c', '', 'a colon in a later segment'],
  ['/a//b/../c', '/a//b/../c', '/a//b/../c', '', 'nothing is normalised'],
];

const BAD: readonly (readonly [url: string, sentence: string])[] = [
  ['/a%', 'an escape is cut off'],
  ['/a%2', 'an escape is cut off'],
  ['/a%zz', 'an escape is no number'],
  ['/a#%zz', 'in the fragment too'],
  ['/a\tb', 'a tab'],
  ['/a\x7f', 'DEL'],
  ['/a?\x00', 'a control character in the query'],
  ['1http://h/', 'a colon in the first segment'],
  ['a:b/c d'.replace('a:b', '1:b'), 'a colon in the first segment'],
  [':a', 'a scheme is missing'],
  ['http://h:8x/', 'a port is no number'],
  ['http://[::1/', 'a bracket is not closed'],
  ['http://[::1]8/', 'something after the bracket'],
  ['http://a b/', 'a space in the host'],
  ['http://a\\b/', 'a backslash in the host'],
  ['http://%41/', 'an ASCII escape in the host'],
  ['http://%zz/', 'a bad escape in the host'],
  ['http://u\\@h/', 'a bad user'],
];

const LINE: readonly (readonly [url: string, target: string | undefined, sentence: string])[] = [
  ['/a#f', '/a%23f', 'a fragment is part of the path'],
  ['/a?b#f', '/a?b#f', 'or of the query'],
  ['//h/a', '//h/a', 'two slashes begin a path'],
  ['http://h/a', '/a', 'absolute form'],
  ['*', '*', 'the star'],
  ['', undefined, 'empty'],
  ['a/b', undefined, 'relative'],
  ['../a', undefined, 'relative'],
];

function target(url: string, place: UrlPlace): string | undefined {
  const parsed = parseUrl(url, place);
  return typeof parsed === 'string' ? undefined : parsed.target;
}

describe('parseUrl', () => {
  for (const [url, target, path, host, sentence] of GOOD) {
    it(`${JSON.stringify(url)}: ${sentence}`, () => {
      assert.deepEqual(parseUrl(url, 'reference'), { target, path, host });
    });
  }
  for (const [url, sentence] of BAD) {
    it(`${JSON.stringify(url)} is bad: ${sentence}`, () => assert.equal(typeof parseUrl(url, 'reference'), 'string'));
  }
  for (const [url, expected, sentence] of LINE) {
    it(`${JSON.stringify(url)} on a request line: ${sentence}`, () =>
      assert.equal(target(url, 'request-line'), expected));
  }

  it('renders any path with the same meaning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const path = `/x${text.replaceAll(/[?#%]|\p{Cc}|\p{Cs}/gu, '')}`;
        const parsed = parseUrl(path, 'reference');
        assert.ok(typeof parsed !== 'string');
        assert.equal(parsed.path, path);
        assert.equal(decodeURIComponent(parsed.target), path);
      }),
    );
  });

  it('renders a rendered path unchanged', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const once = parseUrl(url, 'reference');
        assert.ok(typeof once !== 'string');
        assert.equal(target(`http://h${once.target}`, 'reference'), once.target);
      }),
    );
  });
});

describe('withoutEmptyPort', () => {
  const ROWS = [
    ['h:', 'h'],
    ['h:80', 'h:80'],
    ['[::1]:', '[::1]'],
    ['[::]', '[::]'],
    ['', ''],
  ] as const;
  for (const [host, expected] of ROWS)
    it(`${host} -> ${expected}`, () => assert.equal(withoutEmptyPort(host), expected));
});
