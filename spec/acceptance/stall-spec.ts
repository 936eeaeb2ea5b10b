// Timed: it counts by response time.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { summary } from '../../lib/aggregators/summary.js';
import type { Distribution } from '../../lib/measure/histogram.js';
import { isSummarySnapshot, type SummarySnapshot } from '../../lib/measure/summary.js';
import { IterableCursor } from '../../lib/pull/iterables.js';
import { Pullable } from '../../lib/pull/pullable.js';
import { constPlan } from '../../lib/schedules/const.js';
import { FakeGunFactory, VirtualClock } from '../../lib/testing/index.js';
import { reportTo } from '../../operators/samples/reportTo.js';
import { shoot } from '../../operators/shots/shoot.js';
import { zipAmmo } from '../../operators/shots/zipAmmo.js';
import { ticks } from '../../operators/ticks/ticks.js';
import { Bench } from './elpis.js';

// A server that stops for all requests during one part of every period, and what response time free of coordinated
// omission must say about it. Operations are due at a constant rate r, n instances shoot, an answer takes s.
//
// Stops from B to B + S in every period T. The k-th operation that is due in the stall (k = 0, 1, ...) is due at
// B + k/r. The first n occupy the instances and are responded when the stall ends, at B + S. From then on the n instances
// work off the backlog, n operations per s: operation k is responded at B + S + floor(k/n) s. So it took
//
//   R(k) = S - k/r + floor(k/n) s  ~  S - (k/r) (1 - u),   u = r s / n, the part of their time that instances are busy,
//
// until R(k) falls to s and the backlog is gone. R falls evenly from S to s: of the T r operations of a period,
// (S - x) r / (1 - u) take longer than x. As a part of all, and turned round into the quantile q:
//
//   P(R > x) = (S - x) / (T (1 - u))     for s <= x < S
//   R_q      = S - (1 - q) T (1 - u),    but at least s.
interface Stall {
  readonly periodMs: number;
  readonly stallMs: number;
  readonly serviceMs: number;
  /** Part of their time that instances are busy while the server works. */
  readonly busy: number;
}

function responseTime(quantile: number, { periodMs, stallMs, serviceMs, busy }: Stall): number {
  return Math.max(serviceMs, stallMs - (1 - quantile) * periodMs * (1 - busy));
}

const QUANTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p999', 0.999],
  ['max', 1],
] as const satisfies readonly (readonly [keyof Distribution, number])[];

/** How many values of a distribution are above a limit. */
function countAbove({ bucketsUs }: Distribution, limitMs: number): number {
  let count = 0;
  for (let i = 0; i < bucketsUs.length; i += 2) {
    if ((bucketsUs[i] as number) > limitMs * 1000) count += bucketsUs[i + 1] as number;
  }
  return count;
}

describe('response time under a server that stops for 1 s every 5 s, in virtual time', () => {
  const PERIOD_MS = 5000;
  const STOPS_AT_MS = 2000;
  const STALL_MS = 1000;
  const SERVICE_MS = 1;
  const PERIODS = 12;
  const PER_SECOND = 1000;

  function run(instances: number): SummarySnapshot {
    const clock = new VirtualClock();
    // A response that was due during the stall comes at its end.
    const latencyMs = (): number => {
      const phase = (clock.now() + SERVICE_MS) % PERIOD_MS;
      const left = STOPS_AT_MS + STALL_MS - phase;
      return SERVICE_MS + (phase > STOPS_AT_MS && left > 0 ? left : 0);
    };
    const guns = new FakeGunFactory({ scheduler: clock, latencyMs });
    const ammo = new Pullable(() => new IterableCursor(Array.from({ length: 60_000 }, (_, i) => i)));
    let result: SummarySnapshot | undefined;
    ticks(constPlan({ ops: PER_SECOND, duration: PERIODS * PERIOD_MS * 1e6 }), { scheduler: clock })
      .pipe(zipAmmo(ammo), shoot(guns, { instances, scheduler: clock }), reportTo(summary({ scheduler: clock })))
      .subscribe(({ detail }) => {
        if (isSummarySnapshot(detail)) result = detail;
      });
    clock.run(PERIODS * PERIOD_MS + 5000);
    assert.ok(result !== undefined, 'the run has ended');
    return result;
  }

  for (const instances of [2, 4, 10, 50]) {
    const stall = {
      periodMs: PERIOD_MS,
      stallMs: STALL_MS,
      serviceMs: SERVICE_MS,
      busy: (PER_SECOND / 1000) * (SERVICE_MS / instances),
    };
    it(`is the analytic distribution to within 1 %, with ${instances} instances`, () => {
      const { total } = run(instances);
      assert.equal(total.ended, 60_000);
      for (const [name, quantile] of QUANTILES) {
        const expected = responseTime(quantile, stall);
        const measured = total.responseTimeMs[name];
        const error = Math.abs(measured - expected) / expected;
        assert.ok(error <= 0.01, `${name} is ${measured} ms, expected ${expected} ms`);
      }
    });

    it(`is not in the service time, which has ${instances} slow operations per stall`, () => {
      const { total, slotWaitMs, latenessMs } = run(instances);
      assert.equal(countAbove(total.serviceTimeMs, 2 * SERVICE_MS), instances * PERIODS);
      assert.ok(total.serviceTimeMs.p90 <= SERVICE_MS * 1.001);
      // (S - x) / (T (1 - u)) of all were slow for their users, x being 2 ms.
      const slow = ((STALL_MS - 2 * SERVICE_MS) / (PERIOD_MS * (1 - stall.busy))) * total.ended;
      const seen = countAbove(total.responseTimeMs, 2 * SERVICE_MS);
      assert.ok(Math.abs(seen - slow) / slow <= 0.01, `${seen} were slow, expected ${slow}`);
      assert.equal(latenessMs.max, 0, 'the generator was never late');
      assert.ok(slotWaitMs.max > 0.9 * STALL_MS, 'what made operations late was the server');
    });
  }
});

describe('elpis run against a server that stops for 1 s', () => {
  const DURATION_MS = 2500;
  const STOPS_AFTER_MS = 500;
  const STALL_MS = 1000;
  const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const INSTANCES = 10;
  const PER_SECOND = 500;
  let server: Server;
  let bench: Bench;
  let stalls = 0;

  before(async () => {
    bench = new Bench();
    const held: Socket[] = [];
    let stopped = false;
    let started = false;
    const stop = (): void => {
      stopped = true;
      stalls++;
      setTimeout(() => {
        stopped = false;
        for (const socket of held.splice(0)) socket.write(ANSWER);
      }, STALL_MS);
    };
    server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      // A request of the run comes in one piece, and the next one only after its answer.
      socket.on('data', () => {
        if (!started) setTimeout(stop, STOPS_AFTER_MS);
        started = true;
        if (!stopped) socket.write(ANSWER);
        else held.push(socket);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    bench.remove();
  });

  it('counts at least as many slow operations as were due in the stall, on a machine of any speed', async () => {
    const { port } = server.address() as AddressInfo;
    bench.write(
      'load.yaml',
      `
pools:
  - gun: {type: http, target: "127.0.0.1:${port}"}
    ammo: {type: uri, uris: ["/"]}
    result: {type: jsonlines, sink: j.log}
    rps: {type: const, ops: ${PER_SECOND}, duration: ${DURATION_MS}ms}
    startup: {type: once, times: ${INSTANCES}}
`,
    );
    const { code, stderr } = await bench.run(['load.yaml', '-q']);
    assert.equal(code, 0, stderr);
    const samples = bench
      .read('j.log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { net_code: number; response_us: number; service_us: number });
    assert.equal(samples.length, 1250);
    assert.ok(samples.every(({ net_code }) => net_code === 0));
    assert.equal(stalls, 1);
    const longer = (time: 'response_us' | 'service_us', limitMs: number): number =>
      samples.filter((sample) => sample[time] > limitMs * 1000).length;
    // An operation that was due k/r after the server stopped cannot get its response before it continues: R(k) >= S - k/r. A slow machine
    // only adds to that. So at least (S - x) r operations took longer than x, but for the one at the edge.
    for (const limitMs of [100, 250, 500, 900]) {
      const due = ((STALL_MS - limitMs) / 1000) * PER_SECOND - 1;
      const slow = longer('response_us', limitMs);
      assert.ok(slow >= due, `${slow} took longer than ${limitMs} ms, at least ${due} were due in the stall`);
    }
    // Service time sees only those that occupied the instances while the server stood still.
    const seen = longer('service_us', 500);
    assert.ok(seen < longer('response_us', 500) / 2, `${seen} took longer than 500 ms once they were sent`);
  });
});
