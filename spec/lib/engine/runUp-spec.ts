import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { from, lastValueFrom, NEVER, of, type SchedulerLike, toArray } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import type { GunFactory } from '../../../lib/core/gun.js';
import type { Pool } from '../../../lib/engine/pool.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { RUN_UP_SHOTS, runUp } from '../../../lib/engine/runUp.js';
import { HttpGunFactory } from '../../../lib/guns/http/gun.js';
import { httpGunConfig } from '../../../lib/guns/shared/httpOptions.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import type { HttpAmmo } from '../../../lib/protocols/http.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { run } from '../../../lib/run/run.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { ticks } from '../../../operators/ticks/ticks.js';

type Factory = GunFactory<unknown, NetSample>;

function setUp(practice: Factory, options: Partial<Pool> = {}) {
  const clock = new VirtualClock(0);
  const real = new FakeGunFactory<unknown>({ scheduler: clock });
  const provider = new FakeProvider<unknown>();
  const gunFactory: Factory = {
    create: (context) => real.create(context),
    practice: () => ({ gunFactory: practice, ammo: 'practice' }),
  };
  const startup = timesPlan([0, 0, 0], 0);
  const pool: Pool = {
    ...{ id: 'p', gun: 'fake', gunFactory, provider, aggregators: [], rpsPerInstance: false, runUp: true },
    ...{ rps: () => ticks(startup, { scheduler: clock }), startup: ticks(startup, { scheduler: clock }) },
    ...{ instances: startup, ...options },
  };
  return { clock, real, provider, pool };
}

describe('the run-up of a pool', () => {
  it('shoots the practice ammo 1,000 times with practice guns, and nothing with those of the run', () => {
    const clock = new VirtualClock(0);
    const practice = new FakeGunFactory<unknown>({ scheduler: clock, latencyMs: 0.05 });
    const { pool, real, provider } = setUp(practice);
    const seen: string[] = [];
    runUp([pool], clock).subscribe({ next: () => seen.push('value'), complete: () => seen.push('complete') });
    clock.run(100);
    assert.deepEqual(seen, ['complete']);
    assert.equal(practice.shots.length, RUN_UP_SHOTS);
    assert.deepEqual([...new Set(practice.shots.map(({ ammo }) => ammo))], ['practice']);
    assert.deepEqual([practice.made, practice.closed, real.made, provider.opened], [3, 1, 0, 0]);
  });

  it('leaves V8 15 ms without shots, to compile', () => {
    const clock = new VirtualClock(0);
    const practice = new FakeGunFactory<unknown>({ scheduler: clock, latencyMs: 0.05 });
    let endedAt = 0;
    runUp([setUp(practice).pool], clock).subscribe({ complete: () => (endedAt = clock.now()) });
    clock.run(100);
    const last = Math.max(...practice.shots.map(({ started }) => started));
    assert.ok(endedAt - last >= 15, `${endedAt - last} ms`);
  });

  it('has at most 64 instances', () => {
    const clock = new VirtualClock(0);
    const practice = new FakeGunFactory<unknown>({ scheduler: clock, latencyMs: 0.05 });
    const many = timesPlan(new Array<number>(500).fill(0), 0);
    runUp([setUp(practice, { instances: many }).pool], clock).subscribe();
    clock.run(100);
    assert.equal(practice.made, 64);
  });

  it('ends after 250 ms on a slow machine, and aborts the shots under way', () => {
    const clock = new VirtualClock(0);
    const practice = new FakeGunFactory<unknown>({ scheduler: clock, latencyMs: 1000 });
    let ended = false;
    runUp([setUp(practice).pool], clock).subscribe({ complete: () => (ended = true) });
    clock.run(249);
    assert.equal(ended, false);
    assert.equal(practice.aborted, 0);
    clock.run(251);
    assert.equal(practice.aborted, 3);
    clock.run(266);
    assert.equal(ended, true);
  });

  const broken: readonly (readonly [sentence: string, practice: NonNullable<Factory['practice']>])[] = [
    [
      'practice that throws',
      () => {
        throw new Error('no practice');
      },
    ],
    [
      'a practice gun that cannot be made',
      () => ({
        gunFactory: {
          create: () => {
            throw new Error('no gun');
          },
        },
        ammo: 0,
      }),
    ],
  ];
  for (const [sentence, practice] of broken)
    it(`is left out, without an error: ${sentence}`, () => {
      const { pool, clock } = setUp(new FakeGunFactory({ scheduler: new VirtualClock(0) }));
      let ended = false;
      const gunFactory = { ...pool.gunFactory, practice };
      runUp([{ ...pool, gunFactory }], clock).subscribe({ complete: () => (ended = true) });
      clock.run(100);
      assert.equal(ended, true);
    });

  it('is played once for each kind of gun, and only for pools with a run-up', () => {
    const clock = new VirtualClock(0);
    const [a, b, c] = ['a', 'a', 'b'].map(() => new FakeGunFactory<unknown>({ scheduler: clock, latencyMs: 0.05 }));
    const pools = [a, b, c].map((practice, i) => setUp(practice as Factory, { gun: i < 2 ? 'x' : 'y' }).pool);
    const [first, second, third] = pools as [Pool, Pool, Pool];
    runUp([first, second, third, { ...third, gun: 'z', runUp: false }], clock).subscribe();
    clock.run(100);
    assert.deepEqual([a?.shots.length, b?.shots.length, c?.shots.length], [0, RUN_UP_SHOTS, RUN_UP_SHOTS]);
  });

  it('is ended by a drain, and then nothing is shot', async () => {
    let made = 0;
    const endless: Factory = {
      create: () => {
        made++;
        return { shoot: () => NEVER };
      },
    };
    const { pool, real } = setUp(endless);
    // In real time, whose run-ups alone are played: a second drain would come too late.
    const events = await lastValueFrom(runPools([pool], { drain: of(0) }).pipe(toArray()));
    assert.equal(events.at(-1)?.type, 'pool-finished');
    assert.deepEqual([made, real.shots.length], [0, 0]);
  });

  for (const [runUp, practice, early] of [
    ['auto', [false, true], [false, true]],
    ['always', [true, true], [true, true]],
    ['in-memory', [true, true], [false, false]],
    ['never', [false, false], [false, false]],
  ] as const)
    it(`${runUp}: with relaxed and precise pacing, practice is ${practice}, and early connections are ${early}`, () => {
      const asked = (['relaxed', 'precise'] as const).map((pacing) => {
        const part = { type: 'once', times: 1 };
        const pool = { gun: { type: 'http', target: '127.0.0.1:1' }, ammo: { type: 'uri', uris: ['/'] }, rps: part };
        const decoded = decodeConfig(
          { pools: [{ ...pool, startup: part, result: { type: 'discard' }, pacing, 'run-up': runUp }] },
          builtins(),
        );
        assert.ok(isRight(decoded));
        return assemblePools(decoded.right.pools, fakeDeps())[0];
      });
      assert.deepEqual(
        asked.map((pool) => pool?.runUp),
        practice,
      );
      assert.deepEqual(
        asked.map((pool) => pool?.openEarly),
        early,
      );
    });
});

describe('a run with a run-up', () => {
  /** A run of five shots with random targets against a server on a real port, and what the server saw. */
  async function runWith(runUp: 'always' | 'never', shared: boolean) {
    const requests: string[] = [];
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('data', (bytes) => {
        requests.push(bytes.toString().split('\r\n', 1)[0] as string);
        socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    const answlog = join(folder, 'answ.log');
    const lines: unknown[] = [];
    const note = (message: string): void => void lines.push(message);
    const log = { debug: note, info: note, warn: note, error: note };
    const pool = {
      id: 'p',
      gun: {
        ...{ type: 'http', target: `127.0.0.1:${port}`, 'shared-client': { enabled: shared } },
        answlog: { enabled: true, path: answlog, filter: 'all' },
      },
      ammo: { type: 'uri', uris: ['/{{random(1,1000000)}}/{{index}}'], templates: true },
      result: { type: 'discard' },
      rps: { type: 'once', times: 5 },
      startup: { type: 'once', times: 2 },
      runUp,
    };
    const events = await lastValueFrom(run({ pools: [pool], seed: 7 }, { log }).pipe(toArray()));
    for (const socket of sockets) socket.destroy();
    server.close();
    lines.push(`${readFileSync(answlog, 'utf8').split('GET /').length - 1} requests in the answlog`);
    rmSync(folder, { recursive: true });
    return { requests: requests.sort(), connections: sockets.size, events, lines };
  }

  /** The types of the events, and the numbers of the summary that do not depend on time. */
  const facts = (events: readonly RunEvent[]): unknown => {
    const types = events.map(({ type }) => type).filter((type) => type !== 'progress');
    const numbers = events.flatMap((event) => (event.type === 'run-finished' ? event.summaries : []));
    return [
      types,
      numbers.map(({ planned, total: { started, ended, statuses, failed, bytesOut } }) => ({
        ...{ planned, started, ended, statuses, failed, bytesOut },
      })),
    ];
  };

  for (const shared of [false, true])
    it(`is the same run for the target, the ammo, the random numbers, the log and the summary${shared ? ', with shared clients' : ''}`, async () => {
      const [plain, practised] = [await runWith('never', shared), await runWith('always', shared)];
      assert.equal(practised.requests.length, 5);
      assert.deepEqual(practised.requests, plain.requests);
      assert.equal(practised.connections, plain.connections);
      assert.deepEqual(facts(practised.events), facts(plain.events));
      assert.deepEqual(practised.lines, plain.lines);
      assert.ok(practised.lines.includes('5 requests in the answlog'));
    });

  it('leaves the random numbers and the log of the run untouched, also when practice shots fail', () => {
    const clock = new VirtualClock(0);
    let refusals = 2;
    const scheduler: SchedulerLike = {
      now: () => clock.now(),
      schedule: (...work: Parameters<typeof clock.schedule>) => {
        if ((work[1] ?? 0) === 0 && refusals-- > 0) throw new Error('no connection');
        return clock.schedule(...work);
      },
    } as SchedulerLike;
    const log = new FakeLog();
    let drawn = 0;
    const random = (): number => {
      drawn++;
      return 0.5;
    };
    const options = httpGunConfig.decode({ target: '127.0.0.1:1' });
    assert.ok(isRight(options));
    const shootAll = (guns: GunFactory<HttpAmmo, NetSample>, ammo: HttpAmmo): readonly number[] => {
      const codes: number[] = [];
      const gun = guns.create({ instance: 0 });
      for (let index = 0; index < 6; index++) {
        refusals = index < 5 ? 1 : 0;
        const shot = { ...{ index, at: clock.now(), ammo, instance: 0, started: clock.now(), slotWait: 0 } };
        from(gun.shoot(ammo, shot)).subscribe(({ netCode }) => codes.push(netCode));
        clock.run(clock.now() + (index < 3 ? 1 : 100));
      }
      return codes;
    };
    const { gunFactory, ammo } = new HttpGunFactory(options.right, fakeDeps({ scheduler, log, random })).practice();
    assert.deepEqual(shootAll(gunFactory, ammo), [999, 999, 999, 999, 999, 0]);
    assert.deepEqual([drawn, log.lines], [0, []]);
  });

  it('does not open the answlog for practice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-'));
    const path = join(folder, 'answ.log');
    const options = httpGunConfig.decode({ target: '127.0.0.1:1', answlog: { enabled: true, path } });
    assert.ok(isRight(options));
    const guns = new HttpGunFactory(options.right, fakeDeps());
    await lastValueFrom(guns.practice().gunFactory.warmUp(), { defaultValue: undefined });
    assert.equal(existsSync(path), false);
    rmSync(folder, { recursive: true });
  });
});
