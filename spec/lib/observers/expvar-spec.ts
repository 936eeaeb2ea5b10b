import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lastValueFrom, Subject } from 'rxjs';
import { FakeRunHandle } from '../../../lib/testing/index.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { serveExpvar } from '../../../lib/observers/expvar.js';

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
  emptyShots: 0,
};

/** An observer that listens, and its port. */
function listening(port = 0) {
  const events = new Subject<RunEvent>();
  let done: Promise<unknown> | undefined;
  const opened = new Promise<number>((resolve) => {
    done = lastValueFrom(serveExpvar({ port, onListening: resolve })(events, new FakeRunHandle()), {
      defaultValue: 'completed',
    });
  });
  return { events, opened, done: () => done };
}

describe('expvar', () => {
  it("serves the sums over all pools by Pandora's names, until the run ends", async () => {
    const { events, opened, done } = listening();
    const port = await opened;
    events.next({ type: 'progress', pool: 'a', at: 0, progress });
    events.next({ type: 'progress', pool: 'b', at: 0, progress });
    events.next({ type: 'progress', pool: 'b', at: 1, progress: { ...progress, requests: 25, responses: 20 } });
    const answer = await fetch(`http://127.0.0.1:${port}/debug/vars`);
    const { cmdline, memstats, ...counters } = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(cmdline, ['elpis'], 'no arguments, which may contain passwords');
    assert.equal(typeof memstats, 'object');
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
    assert.equal((await fetch(`http://127.0.0.1:${port}/other`)).status, 404);
    events.complete();
    assert.equal(await done(), 'completed');
    await assert.rejects(fetch(`http://127.0.0.1:${port}/debug/vars`));
  });

  it('listens on this machine only, and elsewhere when a host is given', async () => {
    const addresses: string[] = [];
    for (const host of [undefined, '0.0.0.0']) {
      const events = new Subject<RunEvent>();
      await new Promise<void>((closed) => {
        const onListening = (_port: number, address: string): void => {
          addresses.push(address);
          events.complete();
        };
        serveExpvar({ port: 0, host, onListening })(events, new FakeRunHandle()).subscribe({ complete: closed });
      });
    }
    assert.deepEqual(addresses, ['127.0.0.1', '0.0.0.0']);
  });

  it('errors with the key to change when the port is taken', async () => {
    const first = listening();
    const port = await first.opened;
    const second = lastValueFrom(serveExpvar({ port })(new Subject<RunEvent>(), new FakeRunHandle()));
    await assert.rejects(second, { code: 'ELPIS_LISTEN', hint: /monitoring\.expvar\.port/ });
    first.events.complete();
    await first.done();
  });

  it('closes its port when it is unsubscribed from', async () => {
    const events = new Subject<RunEvent>();
    await new Promise<void>((closed) => {
      const watching = serveExpvar({
        port: 0,
        onListening: (port) => {
          watching.unsubscribe();
          assert.rejects(fetch(`http://127.0.0.1:${port}/debug/vars`)).then(() => closed());
        },
      })(events, new FakeRunHandle()).subscribe();
    });
    assert.equal(events.observed, false);
  });
});
