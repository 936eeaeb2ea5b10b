import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureScript } from '../../../lib/rehearsal/models/failureScript.js';
import { constantLatency } from '../../../lib/rehearsal/models/latencies.js';
import { responsesOf } from './responsesOf.js';

/** A request every 100 ms at a target of 10 ms: `status afterMs` or the failure and its time. */
function played(text: string, count: number): string {
  const arrivals = Array.from({ length: count }, (_, i) => i * 100);
  return responsesOf(failureScript(text, constantLatency(10)), arrivals)
    .map(({ afterMs, status, errorName }) => `${errorName.replace('connection ', '') || status} ${+afterMs.toFixed(3)}`)
    .join(', ');
}

const SCRIPTS: readonly [sentence: string, text: string, responses: string][] = [
  ['ok alone is the target itself', 'ok', '200 10, 200 10, 200 10'],
  ['phases follow one another and the last one lasts', 'ok 200ms, 503 100ms', '200 10, 200 10, 503 10, 503 10, 503 10'],
  ['repeat starts over', 'ok 100ms, 503 100ms, repeat', '200 10, 503 10, 200 10, 503 10, 200 10'],
  ['a stall holds everything until it ends', 'ok 100ms, stall 200ms, ok', '200 10, 200 210, 200 110, 200 10'],
  ['a response that meets a stall comes later by as much', 'ok 5ms, stall 50ms, ok', '200 60, 200 10'],
  ['two stalls in a row are one', 'stall 50ms, stall 50ms, ok', '200 110, 200 10'],
  ['stalls in a repeated script are all met', 'ok 4ms, stall 6ms, repeat', '200 22, 200 22'],
  ['a stall without an end has no response', 'ok 100ms, stall', '200 10, 200 Infinity, 200 Infinity'],
  ['repeated stalls have no response', 'stall 1s, repeat', '200 Infinity, 200 Infinity'],
  ['slow multiplies', 'slow x3 100ms, slow x0.5', '200 30, 200 5, 200 5'],
  ['reset breaks the connection when the response is due', 'reset 100ms, ok', 'reset 10, 200 10'],
  ['refuse is at once', 'refuse 100ms, ok', 'refused 0.1, 200 10'],
  ['units may be mixed and blanks are free', '  ok   0.1s ,503 100000us,ok ', '200 10, 503 10, 200 10'],
];

const REFUSED: readonly [text: string, column: number, expected: RegExp][] = [
  ['', 1, /expected ok, stall, reset, refuse, a status such as 503, or slow such as x3, found the end/],
  ['okay 1s', 1, /found "okay"/],
  ['ok 30s, 700 1s', 9, /found "700"/],
  ['ok 30s; stall', 4, /only the last phase may have none, found "30s;"/],
  ['ok 30, stall', 4, /expected how long, a duration such as 30s; only the last phase may have none, found "30"/],
  ['ok 30s stall', 8, /expected ",", found "stall"/],
  ['ok, stall 1s', 3, /only the last phase may have none, found ","/],
  ['slow 3 1s', 6, /expected how many times slower, such as x3, found "3"/],
  ['slow x0 1s', 6, /found "x0"/],
  ['ok 1s, repeat, ok', 14, /expected nothing after repeat, found ","/],
  ['ok 0s, repeat', 8, /expected a phase that lasts longer than 0 before, found "repeat"/],
  ['ok 1s,', 7, /found the end/],
];

describe('failureScript', () => {
  for (const [sentence, text, responses] of SCRIPTS) {
    it(`${sentence}: ${text.trim()}`, () => assert.equal(played(text, responses.split(',').length), responses));
  }

  it('a script without a model responds in 1 ms', () => {
    assert.equal(responsesOf(failureScript('ok'), [0])[0]?.afterMs, 1);
  });

  for (const [text, column, expected] of REFUSED) {
    it(`refuses "${text}" at column ${column}`, () => {
      assert.throws(
        () => failureScript(text),
        (error: Error) => {
          assert.match(error.message, expected);
          const [, drawn = '', pointer = ''] = error.message.split('\n');
          assert.equal(drawn, `  ${text}`);
          assert.equal(pointer.indexOf('^') - 2, column - 1, error.message);
          return error.message.includes(`column ${column}:`);
        },
      );
    });
  }
});
