import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExpvarTally } from '../../../lib/observers/expvarTally.js';
import { startExpvar } from '../../../lib/observers/startExpvar.js';

const progress = {
  elapsed: 0,
  requests: 10,
  responses: 8,
  inFlight: 2,
  instances: 3,
  instancesStarted: 4,
  instancesGrown: 0,
  discarded: 0,
  unfinished: 0,
  withoutSample: 0,
};

describe('startExpvar', () => {
  it("serves the sums over all pools by Pandora's names", async () => {
    const tally = new ExpvarTally();
    tally.see({ type: 'progress', pool: 'a', at: 0, progress });
    tally.see({ type: 'progress', pool: 'b', at: 0, progress });
    tally.see({ type: 'progress', pool: 'b', at: 1, progress: { ...progress, requests: 25, responses: 20 } });
    const server = await startExpvar(0, () => tally.counters());
    const answer = await fetch(`http://127.0.0.1:${server.port}/debug/vars`);
    const { cmdline, memstats, ...counters } = (await answer.json()) as Record<string, unknown>;
    assert.ok(Array.isArray(cmdline) && typeof memstats === 'object');
    assert.deepEqual(counters, {
      engine_Requests: 35,
      engine_Responses: 28,
      engine_UsersStarted: 8,
      engine_UsersFinished: 2,
      engine_ReqPS: 25,
      engine_ResPS: 20,
      engine_ActiveUsers: 6,
      engine_ActiveRequests: 7,
    });
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/other`)).status, 404);
    await server.close();
  });

  it('says which key to change when the port is taken', async () => {
    const first = await startExpvar(0, () => new ExpvarTally().counters());
    await assert.rejects(
      startExpvar(first.port, () => new ExpvarTally().counters()),
      { code: 'ELPIS_LISTEN', message: /monitoring\.expvar/ },
    );
    await first.close();
  });
});
