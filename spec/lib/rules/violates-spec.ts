import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { violates } from '../../../lib/rules/violates.js';
import { drawnWindows, second } from './someWindows.js';

describe('violates', () => {
  const [slow, fast] = drawnWindows('300 20');
  const rows: readonly [text: string, window: ReturnType<typeof second> | undefined, expected: string | false][] = [
    ['max(response) < 250ms', slow, 'max(response) was 300 ms, not < 250ms'],
    ['max(response) < 250ms', fast, false],
    ['max(response) < 250ms of tag a', slow, 'max(response) was 300 ms, not < 250ms of tag "a"'],
    ['max(response) < 250ms of tag b', slow, false],
    ['p99(response) < 250ms', second(0, []), false],
  ];
  for (const [text, window, expected] of rows)
    it(`${text}: ${expected}`, () => assert.equal(window && violates(text)(window), expected));

  it('throws at once for a text that is no threshold', () => {
    assert.throws(() => violates('max(response)'), /one of </);
  });

  for (const [text, clause] of [
    ['max(response) < 250ms over 10s', 'over'],
    ['max(response) < 250ms for 3', 'for'],
    ['max(response) < 250ms after 30s', 'after'],
    ['max(response) < 250ms of pool "a"', 'of pool'],
    ['max(response) < 250ms otherwise stop', 'otherwise'],
  ] as const)
    it(`refuses the clause "${clause}", which would have no effect`, () =>
      assert.throws(() => violates(text), new RegExp(`a condition of a window has no clause "${clause}"$`)));
});
