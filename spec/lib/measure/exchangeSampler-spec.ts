import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExchangeSampler } from '../../../lib/measure/exchangeSampler.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';

/** A sampler, what it has passed on, and how often an exchange was made. */
function sampling(each: number) {
  const sampler = new ExchangeSampler({ each, random: seededRandom(5) });
  const first: string[] = [];
  const made = { count: 0 };
  sampler.listen(({ tag, reason, request }) => first.push(`${tag} ${reason} ${request}`));
  const offer = (tag: string, reason: string, number: number): void =>
    sampler.offer(tag, reason, () => {
      made.count++;
      return { startedAt: number, serviceMs: 1, request: String(number), response: null };
    });
  return { sampler, first, made, offer };
}

describe('ExchangeSampler', () => {
  it('passes the first exchanges of each tag and reason on at once', () => {
    const { first, offer, sampler } = sampling(2);
    for (const number of [1, 2, 3]) for (const tag of ['a', 'b']) offer(tag, 'timeout', number);
    offer('a', 'status 503', 4);
    assert.deepEqual(first, ['a timeout 1', 'b timeout 1', 'a timeout 2', 'b timeout 2', 'a status 503 4']);
    assert.deepEqual(
      sampler.rest().map(({ tag, request }) => [tag, request]),
      [
        ['a', '3'],
        ['b', '3'],
      ],
    );
    assert.deepEqual(sampler.rest(), []);
  });

  it('keeps a uniform sample of all later ones', () => {
    const halves = [0, 0, 0, 0];
    for (let seed = 1; seed <= 400; seed++) {
      const sampler = new ExchangeSampler({ each: 2, random: seededRandom(seed) });
      for (let number = 0; number < 102; number++)
        sampler.offer('a', 'r', () => ({ startedAt: number, serviceMs: 1, request: '', response: null }));
      const rest = sampler.rest();
      assert.equal(rest.length, 2);
      for (const { startedAt } of rest) {
        const quarter = Math.floor((startedAt - 2) / 25);
        halves[quarter] = (halves[quarter] ?? 0) + 1;
      }
    }
    for (const count of halves) assert.ok(count > 150 && count < 250, `${halves}: each quarter about 200 times`);
  });

  it('makes no text of an exchange that it does not keep, and keeps a bounded number', () => {
    const { made, offer, sampler, first } = sampling(3);
    for (let number = 0; number < 100_000; number++) offer('a', 'r', number);
    assert.ok(made.count < 100, `${made.count} were made of 100,000`);
    for (let tag = 0; tag < 1000; tag++) for (let i = 0; i < 10; i++) offer(`t${tag}`, 'r', i);
    assert.equal(first.length, 300, '100 kinds of 3');
    assert.equal(sampler.rest().length, 300);
  });

  it('wants the response of every exchange until a kind has enough, then of few', () => {
    const { offer, sampler } = sampling(2);
    const wanted = (): number => Array.from({ length: 160 }, () => sampler.wantsResponse()).filter(Boolean).length;
    assert.equal(wanted(), 160);
    offer('a', 'r', 1);
    assert.equal(wanted(), 160);
    offer('a', 'r', 2);
    assert.equal(wanted(), 10);
    offer('b', 'r', 1);
    assert.equal(wanted(), 160, 'a new kind needs examples');
  });
});
