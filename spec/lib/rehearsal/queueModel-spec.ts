import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { failureScript } from '../../../lib/rehearsal/models/failureScript.js';
import { constantLatency, exponentialLatency } from '../../../lib/rehearsal/models/latencies.js';
import { queueModel } from '../../../lib/rehearsal/models/queueModel.js';
import { inSeries } from '../../../lib/rehearsal/models/targetModel.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { responsesOf } from './responsesOf.js';

/** Random arrivals, `perMs` of them per millisecond. */
function poisson(perMs: number, count: number): number[] {
  const random = seededRandom(77);
  let at = 0;
  return Array.from({ length: count }, () => {
    at -= Math.log(1 - random()) / perMs;
    return at;
  });
}

/** Probability of having to wait in M/M/k (A. K. Erlang, 1917). */
function erlangC(servers: number, offered: number): number {
  let blocking = 1;
  for (let i = 1; i <= servers; i++) blocking = (offered * blocking) / (i + offered * blocking);
  const load = offered / servers;
  return blocking / (1 - load * (1 - blocking));
}

const waits = (responses: readonly { afterMs: number }[]): number[] => responses.map(({ afterMs }) => afterMs - 10);

describe('queueModel', () => {
  it('serves simultaneous requests in turn', () => {
    const responses = responsesOf(queueModel({ servers: 2, service: 10 }), [0, 0, 0, 0, 0, 4, 100]);
    assert.deepEqual(waits(responses), [0, 0, 10, 10, 20, 16, 0]);
  });

  it('rejects with 503 while `limit` others wait, and accepts again when one is served', () => {
    const responses = responsesOf(queueModel({ servers: 1, service: 10, limit: 2 }), [0, 0, 0, 0, 9, 10, 10]);
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200, 503, 503, 200, 503],
    );
    assert.deepEqual(responses[3], { afterMs: 0.1, status: 503, netCode: 0, errorName: '' });
  });

  it('can refuse connections, and respond with another status', () => {
    const last = (full: number | 'refuse') =>
      responsesOf(queueModel({ servers: 1, service: 9, limit: 0, full }), [0, 1])[1];
    assert.deepEqual(last('refuse'), { afterMs: 0.1, status: 0, netCode: 111, errorName: 'connection refused' });
    assert.equal(last(429)?.status, 429);
  });

  for (const [servers, load] of [
    [1, 0.5],
    [1, 0.8],
    [8, 0.7],
    [8, 0.9],
  ] as const) {
    it(`M/M/${servers} at ${load * 100} % load waits as long as Erlang's formula says`, () => {
      const meanMs = 5;
      const offered = servers * load;
      const model = queueModel({ servers, service: exponentialLatency(meanMs), limit: 1e6 });
      const responses = responsesOf(model, poisson(offered / meanMs, 200_000));
      const response = responses.reduce((sum, { afterMs }) => sum + afterMs, 0) / responses.length;
      const expected = meanMs + (erlangC(servers, offered) * meanMs) / (servers - offered);
      assert.ok(Math.abs(response / expected - 1) < 0.08, `${response} ms, expected ${expected} ms`);
    });
  }

  it('has its knee at servers / service: flat below, rejections above', () => {
    const failed = [0.9, 1.1, 2].map((load) => {
      const responses = responsesOf(queueModel({ servers: 10, service: 10, limit: 50 }), poisson(load, 50_000));
      return responses.filter(({ status }) => status === 503).length / responses.length;
    });
    assert.ok((failed[0] as number) < 0.001, String(failed));
    assert.ok(Math.abs((failed[1] as number) - (1 - 1 / 1.1)) < 0.02, String(failed));
    assert.ok(Math.abs((failed[2] as number) - 0.5) < 0.02, String(failed));
  });

  it('never responds before the service, and serves at most `servers` at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }),
        (servers, gaps) => {
          let at = 0;
          const arrivals = gaps.map((gap) => {
            at += gap;
            return at;
          });
          const responses = responsesOf(queueModel({ servers, service: 20, limit: 1000 }), arrivals);
          const ends = responses.map(({ afterMs }, i) => (arrivals[i] as number) + afterMs);
          for (const end of ends) {
            const served = ends.filter((other) => other > end - 20 && other <= end).length;
            assert.ok(served <= servers, `${served} at once`);
          }
          assert.ok(responses.every(({ afterMs }) => afterMs >= 20));
        },
      ),
    );
  });

  it('adds to the network before it, and does not serve what a script refuses', () => {
    const responses = responsesOf(inSeries(constantLatency(5), queueModel({ servers: 1, service: 10 })), [0, 0]);
    assert.deepEqual(
      responses.map(({ afterMs }) => afterMs),
      [15, 25],
    );
    const spared = inSeries(failureScript('refuse 10ms, ok'), queueModel({ servers: 1, service: 10 }));
    assert.deepEqual(
      responsesOf(spared, [0, 1, 10]).map(({ afterMs }) => afterMs),
      [0.1, 0.1, 11],
    );
  });

  for (const [options, message] of [
    [{ servers: 0, service: 1 }, /servers is 0/],
    [{ servers: 1, service: -1 }, /latency is -1/],
    [{ servers: 1, service: 1, limit: -1 }, /limit is -1/],
    [{ servers: 1, service: 1, full: 42 }, /full is 42, expected a status or 'refuse'/],
  ] as const) {
    it(`refuses: ${message.source}`, () => assert.throws(() => queueModel(options), message));
  }
});
