import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COOKIE_LENGTH, COOKIES_PER_DOMAIN, COOKIES_PER_JAR, Cookies } from '../../../lib/scenario/cookies.js';
import { get } from '../../../lib/scenario/steps/request.js';
import { play } from './draw.js';

const URL = 'http://a.b.c.d.e.example/';
const many = (count: number, more = ''): string[] => Array.from({ length: count }, (_, i) => `c${i}=${i}${more}`);
const sent = (cookies: Cookies, now = 0): string[] =>
  cookies
    .header(URL, now)
    .split('; ')
    .filter((pair) => pair !== '');

describe('Cookies', () => {
  it('keeps the latest cookies of a domain, and counts the removed ones', () => {
    const cookies = new Cookies();
    assert.equal(cookies.keep(many(COOKIES_PER_DOMAIN), URL, 0), 0);
    // Set again, so it is the newest.
    assert.equal(cookies.keep(['c0=again'], URL, 0), 0);
    assert.equal(cookies.keep(['new=1'], URL, 0), 1);
    const kept = sent(cookies);
    assert.deepEqual(
      [kept.length, kept.includes('c0=again'), kept.includes('new=1'), kept.includes('c1=1')],
      [COOKIES_PER_DOMAIN, true, true, false],
    );
  });

  it('removes expired cookies first, and does not count them', () => {
    const cookies = new Cookies();
    cookies.keep([...many(COOKIES_PER_DOMAIN - 1), 'old=1; Max-Age=1'], URL, 0);
    assert.equal(cookies.keep(['new=1'], URL, 2000), 0);
    assert.equal(sent(cookies, 2000).length, COOKIES_PER_DOMAIN);
  });

  it('keeps a number of cookies over all domains', () => {
    const cookies = new Cookies();
    const domains = ['a.b.c.d.e.example', 'b.c.d.e.example', 'c.d.e.example', 'd.e.example', 'e.example'];
    let dropped = 0;
    for (const domain of domains) dropped += cookies.keep(many(COOKIES_PER_DOMAIN, `; Domain=${domain}`), URL, 0);
    assert.deepEqual(
      [sent(cookies).length, dropped],
      [COOKIES_PER_JAR, domains.length * COOKIES_PER_DOMAIN - COOKIES_PER_JAR],
    );
  });

  it('ignores and counts a cookie that is too long', () => {
    const cookies = new Cookies();
    const fits = `a=${'x'.repeat(COOKIE_LENGTH - 2)}`;
    assert.deepEqual([cookies.keep([fits, `${fits}x`], URL, 0), sent(cookies)], [1, [fits]]);
  });

  it('ignores invalid cookies', () => {
    const cookies = new Cookies();
    const garbage = [
      '',
      '=',
      ';',
      'a=\0',
      '\u{1f600}',
      'a=b; Domain=other.example',
      'x; Max-Age=banana; Path',
      'a=b; Expires=Infinity',
    ];
    cookies.keep(garbage, URL, 0);
    assert.ok(sent(cookies).length <= garbage.length);
  });

  it('counts dropped cookies in the sample of the response', () => {
    const { samples } = play(get('a', '/many'), {
      scripts: { 'GET /many': 'm' },
      responses: { m: { headers: { 'Set-Cookie': many(COOKIES_PER_DOMAIN + 3) } } },
    });
    assert.deepEqual(samples[0]?.metrics, [{ kind: 'counter', name: 'cookies dropped', value: 3 }]);
  });
});
