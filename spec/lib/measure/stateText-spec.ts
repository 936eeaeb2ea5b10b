import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sinceText } from '../../../lib/measure/stateText.js';

describe('a time since the start of a run', () => {
  const rows: readonly (readonly [ms: number, text: string])[] = [
    [0, '0s'],
    [-5, '0s'],
    [49, '0s'],
    [50, '0.1s'],
    [10_000, '10s'],
    [59_949, '59.9s'],
    [60_000, '1m'],
    [150_000, '2m30s'],
    [3_600_000, '1h'],
    [3_605_000, '1h5s'],
    [86_399_800, '23h59m59.8s'],
    [90_000_000, '25h'],
  ];
  for (const [ms, text] of rows) it(`${ms} ms is ${text}`, () => assert.equal(sinceText(ms), text));
});
