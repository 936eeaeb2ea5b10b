import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ResponseHeadCache } from '../../../lib/wire/http1/parser/headCache.js';
import { readResponse } from '../../../spec/lib/wire/http1/readResponse.js';
import { fuzzer } from '../fuzzer.js';
import { anyBytes, anyCuts, cut, validResponses } from './responses.js';

/** Valid responses, cut in any way. */
export const parserOnValid = fuzzer({
  name: 'parser/valid',
  holds: 'a valid response has the same status and body however it is cut',
  runs: 400,
  input: fc.tuple(validResponses, anyCuts),
  check: ([{ bytes, status, body, framing }, cuts]) => {
    const outcome = readResponse(cut(bytes, cuts), false, framing === 'close');
    assert.deepEqual({ ...outcome, keep: true }, { state: 'done', status, body, keep: true, reason: '', left: 0 });
  },
});

/** Responses one after another, whose heads are remembered. */
export const parserWithCache = fuzzer({
  name: 'parser/cache',
  holds: 'a response is read the same whatever heads the cache has seen before',
  runs: 200,
  input: fc.array(
    fc.tuple(
      fc.oneof(
        validResponses.map(({ bytes }) => bytes),
        anyBytes,
      ),
      anyCuts,
    ),
    { maxLength: 6 },
  ),
  check: (responses) => {
    const memo = new ResponseHeadCache();
    for (const [bytes, cuts] of [...responses, ...responses]) {
      const { left: _, ...cached } = readResponse(cut(bytes, cuts), false, true, memo);
      const { left: __, ...fresh } = readResponse([bytes], false, true);
      assert.deepEqual(cached, fresh);
    }
  },
});

/** Bytes of any kind, cut in any way. */
export const parserOnAnything = fuzzer({
  name: 'parser/bytes',
  holds: 'any bytes end as a response or a failure, the same however they are cut',
  runs: 1000,
  input: fc.tuple(anyBytes, anyCuts),
  check: ([bytes, cuts]) => {
    const { left: _, ...once } = readResponse([bytes], false, true);
    const { left: __, ...pieces } = readResponse(cut(bytes, cuts), false, true);
    assert.deepEqual(pieces, once);
    assert.notEqual(once.state, 'open');
    assert.ok(once.body <= bytes.length);
  },
});
