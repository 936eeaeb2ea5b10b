import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportResponse } from '../../../lib/protocols/transport.js';

describe('TransportResponse', () => {
  it('parses once per function, also when the result is undefined, and not for another response', () => {
    const called: string[] = [];
    const length = ({ text }: TransportResponse): number => {
      called.push(`length of ${text}`);
      return text.length;
    };
    const nothing = ({ text }: TransportResponse): undefined => {
      called.push(`nothing of ${text}`);
      return undefined;
    };
    const [a, bb] = ['a', 'bb'].map((text) => new TransportResponse(200, [], Buffer.from(text)));
    for (let i = 0; i < 2; i++)
      assert.deepEqual([a?.parsed(length), a?.parsed(nothing), bb?.parsed(length)], [1, undefined, 2]);
    assert.deepEqual(called, ['length of a', 'nothing of a', 'length of bb']);
  });
});
