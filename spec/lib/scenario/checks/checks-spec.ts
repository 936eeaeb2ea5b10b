import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportResponse } from '../../../../lib/protocols/transport.js';
import { bodyHas, headerIs, jsonIs, size, status, type Test, time } from '../../../../lib/scenario/checks.js';

const response = new TransportResponse(
  201,
  [
    ['Content-Type', 'application/json'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ],
  Buffer.from('{"state":"open","goods":[{"id":1}],"none":null}'),
);

describe('checks', () => {
  const rows: [sentence: string, test: Test, holds: boolean][] = [
    ['a status', status(201), true],
    ['one of several', status(200, 201), true],
    ['another status', status(200), false],
    ['its class', status('2xx'), true],
    ['another class', status('5xx', 404), false],
    ['a header is there', headerIs('content-type'), true],
    ['a header is not there', headerIs('location'), false],
    ['a header has a value', headerIs('CONTENT-TYPE', 'application/json'), true],
    ['not a part of it', headerIs('content-type', 'json'), false],
    ['a header matches', headerIs('content-type', /json/), true],
    ['any of several headers', headerIs('set-cookie', /^b=/), true],
    ['a text is in the body', bodyHas('open'), true],
    ['a text is not', bodyHas('closed'), false],
    ['an expression', bodyHas(/"id":\d/), true],
    ['an expression with state (the flag g)', bodyHas(/open/g), true],
    ['a JSONPath is there', jsonIs('$.goods[0]'), true],
    ['null is there', jsonIs('$.none'), true],
    ['a JSONPath is not there', jsonIs('$.goods[1]'), false],
    ['it has a value', jsonIs('$.state', 'open'), true],
    ['it has another', jsonIs('$.state', 'shut'), false],
    ['a whole object', jsonIs('$.goods[0]', { id: 1 }), true],
    ['it passes a test', jsonIs('$.goods', (value) => Array.isArray(value)), true],
    ['it does not', jsonIs('$.goods', (value) => value === 1), false],
    ['large enough', size({ min: 10, max: 100 }), true],
    ['too large', size({ max: 10 }), false],
    ['too small', size({ min: 100 }), false],
    ['fast enough', time(5), true],
    ['too slow', time(4.9), false],
  ];
  for (const [sentence, test, holds] of rows) {
    it(sentence, () => {
      assert.equal(test(response, {}, 5), holds);
      assert.equal(test(response, {}, 5), holds, 'and again');
    });
  }

  it('refuse conditions that no response can fulfil', () => {
    assert.throws(() => status(), /no status is given/);
    assert.throws(() => size({ min: 2, max: 1 }), /min is 2 and max is 1/);
    assert.throws(() => time(-1), /-1 ms, expected a number of at least 0/);
    assert.throws(() => jsonIs('nothing['), /is not a JSONPath/);
  });

  it('a body that is not JSON has no values', () => {
    assert.equal(jsonIs('$')(new TransportResponse(200, [], Buffer.from('<a>')), {}, 0), false);
    assert.equal(new TransportResponse(200).size, 0);
  });
});
