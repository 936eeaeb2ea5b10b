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
    ['max(response) < 250ms over 10s for 3 after 30s', slow, 'max(response) was 300 ms, not < 250ms'],
  ];
  for (const [text, window, expected] of rows)
    it(`${text}: ${expected}`, () => assert.equal(window && violates(text)(window), expected));

  it('throws at once for a text that is no threshold', () => {
    assert.throws(() => violates('max(response)'), /one of </);
  });
});
