import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { run } from '../../../lib/run/run.js';
import { fuzzer } from '../fuzzer.js';
import { type Behaviour, FaultyServer } from './faultyServer.js';

const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant('fine' as const) },
    {
      weight: 6,
      arbitrary: fc.constantFrom<Behaviour['kind']>('late', 'close', 'reset', 'stall', 'garbage', 'pause'),
    },
  ),
  at: fc.nat(80),
  keep: fc.boolean(),
  chunked: fc.boolean(),
});

const inputs = fc.record({
  behaviours: fc.array(behaviours, { minLength: 1, maxLength: 12 }),
  shots: fc.integer({ min: 1, max: 30 }),
  burst: fc.boolean(),
  instances: fc.integer({ min: 1, max: 4 }),
  gun: fc.record({
    redirect: fc.boolean(),
    'shared-client': fc.record({ enabled: fc.boolean() }),
    'disable-keep-alives': fc.boolean(),
    httptrace: fc.record({ dump: fc.boolean(), trace: fc.boolean() }),
  }),
  ammo: fc.nat(40),
  drain: fc.option(fc.tuple(fc.nat(150), fc.constantFrom(0, 20)), { nil: undefined }),
});

/** A real server on the loopback, whose connections fail at any byte. */
export const socketsThatFail = fuzzer({
  name: 'sockets',
  holds: 'a run against a failing server ends, and the counts of plan, samples, phout and server agree',
  runs: 15,
  input: inputs,
  check: async (input) => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-soak-'));
    const server = new FaultyServer(input.behaviours);
    const stop = new AbortController();
    const [drainAfter, drainMs] = input.drain ?? [undefined, 0];
    const timer = drainAfter === undefined ? undefined : setTimeout(() => stop.abort(), drainAfter);
    try {
      const config = {
        pools: [
          {
            gun: { type: 'http', target: await server.listen(), 'request-timeout': '40ms', ...input.gun },
            ammo: { type: 'uri', uris: ['/a', '/b'], ...(input.ammo === 0 ? {} : { limit: input.ammo }) },
            result: { type: 'phout', destination: join(folder, 'phout.log') },
            rps: input.burst
              ? { type: 'once', times: input.shots }
              : { type: 'const', ops: input.shots * 10, duration: '100ms' },
            startup: { type: 'once', times: input.instances },
          },
        ],
      };
      const events = await lastValueFrom(run(config, { signal: stop.signal, drainMs, seed: 1 }).pipe(toArray()));
      const finished = events.find((event) => event.type === 'run-finished');
      const [pool] = finished?.type === 'run-finished' ? finished.summaries : [];
      assert.ok(pool !== undefined, 'the run has a summary');
      const { total, withoutAmmo, counters } = pool.window;
      const text = readFileSync(join(folder, 'phout.log'), 'utf8');
      const lines = text.split('\n').length - 1;
      const counted = total.ended + total.discarded + total.unfinished + withoutAmmo;
      const shown = JSON.stringify({ ...total, response: 0, service: 0, counters: [...counters], withoutAmmo });
      if (input.drain === undefined) assert.equal(counted, input.shots, shown);
      else assert.ok(counted <= input.shots, shown);
      assert.equal(lines, total.ended + total.discarded + total.unfinished, `lines of phout: ${shown}`);
      const retries = counters.get('retries') ?? 0;
      const sent = total.ended + total.underWay + retries;
      assert.ok(server.requests <= sent, `${server.requests} requests at the server: ${shown}`);
      const responded = total.statuses.reduce((sum, { count }) => sum + count, 0);
      assert.ok(
        responded <= server.requests + server.responses,
        `${server.responses} responses of the server: ${shown}`,
      );
      const complete = text.split('\n').filter((line) => line.endsWith('\t0\t200')).length;
      assert.ok(
        complete <= server.responses,
        `${complete} complete samples of ${server.responses} responses: ${shown}`,
      );
    } finally {
      clearTimeout(timer);
      await server.close();
      rmSync(folder, { recursive: true });
    }
  },
  limitMs: 20_000,
});
