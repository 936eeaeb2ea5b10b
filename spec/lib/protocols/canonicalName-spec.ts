import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalName } from '../../../lib/protocols/headerName.js';

describe('canonicalName', () => {
  const ROWS: readonly (readonly [sentence: string, name: string, expected: string])[] = [
    ['is the same when it is canonical already', 'X-Api-Key', 'X-Api-Key'],
    ['begins each part with a capital letter', 'x-api-key', 'X-Api-Key'],
    ['continues with small letters', 'X-API-KEY', 'X-Api-Key'],
    ['keeps characters that are no letters', '1a-_B!-~c', '1a-_b!-~c'],
    ['keeps empty parts', '-a--B-', '-A--B-'],
    ['keeps a name with a space as it is', 'x api', 'x api'],
    ['keeps a name with a letter that is illegal as it is', 'x-ä', 'x-ä'],
    ['keeps an empty name', '', ''],
  ];
  for (const [sentence, name, expected] of ROWS)
    it(`${sentence}: ${JSON.stringify(name)}`, () => assert.equal(canonicalName(name), expected));
});
