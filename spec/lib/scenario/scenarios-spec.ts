import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { map, type Observable, of, Subscription, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { GunFactory } from '../../../lib/core/gun.js';
import { runPool } from '../../../lib/engine/runPool.js';
import type { HttpRequest } from '../../../lib/protocols/http.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import type { Transports } from '../../../lib/protocols/transport.js';
import { cookie, orElse } from '../../../lib/scenario/extractors/extractor.js';
import { type Scenario, scenario } from '../../../lib/scenario/scenario.js';
import { ScenarioFailure } from '../../../lib/scenario/scenarioFailure.js';
import { type ScenariosOptions, scenarios } from '../../../lib/scenario/scenarioGun.js';
import { extract } from '../../../lib/scenario/steps/extract.js';
import { group } from '../../../lib/scenario/steps/group.js';
import { get } from '../../../lib/scenario/steps/request.js';
import { pause } from '../../../lib/scenario/steps/waits.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeAggregator } from '../../../lib/testing/fakeAggregator.js';
import { playScenario } from '../../../lib/testing/scenario/playScenario.js';
import { scriptedTransport } from '../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const whole = { index: 0, of: 1 };
const shotOf = (index: number, at = 0) => ({ index, at, ammo: undefined, instance: 0, started: at, slotWait: 0 });
const gunFactory = (
  transports: Transports<HttpRequest>,
  scheduler: ScenariosOptions<HttpRequest>['deps']['scheduler'],
  mix: ScenariosOptions<HttpRequest>['mix'],
  more: Partial<ScenariosOptions<HttpRequest>> = {},
): GunFactory<unknown, NetSample> =>
  scenarios({ transports, mix, deps: { scheduler, random: seededRandom(1), share: whole }, ...more });

describe('scenarios', () => {
  it('a shot is one scenario: the samples of its requests as they end, its own last', () => {
    const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
    scheduler.run(({ expectObservable }) => {
      const transports = scriptedTransport({ 'GET /a': '--r', 'GET /b': '---r' }, {}, scheduler);
      const walk = scenario('walk', (flow) => flow.pipe(get('a', '/a'), pause(4), get('b', '/b')));
      const gun = gunFactory(transports, scheduler, [{ scenario: walk }]).create({ instance: 0 });
      const tags = gun.shoot(undefined, shotOf(0)) as Observable<NetSample>;
      expectObservable(tags.pipe(map(({ tag }) => tag))).toBe('--a------(bw|)', {
        a: 'walk/a',
        b: 'walk/b',
        w: 'walk',
      });
    });
  });

  it('is run by the engine: rps counts scenario starts, instances are visitors', () => {
    const clock = new VirtualClock();
    const transports = scriptedTransport({ 'GET /a': '200ms r', 'GET /b': '300ms r' }, {}, clock);
    const walk = scenario('walk', (flow) => flow.pipe(get('a', '/a'), group('g', get('b', '/b'))));
    const seen = new FakeAggregator<NetSample, [string, number, number]>(({ tag, intended, ended }) => [
      tag,
      intended,
      ended,
    ]);
    const ended = runPool(
      {
        id: 'p',
        rps: () => ticks(constPlan({ ops: 4, duration: 1e9 }), { scheduler: clock }),
        startup: of({ index: 0, at: 0 }, { index: 1, at: 0 }),
        provider: of(1, 2, 3, 4),
        gunFactory: gunFactory(transports, clock, [{ scenario: walk }]),
        aggregators: [{ name: 'seen', aggregator: seen.aggregator }],
        rpsPerInstance: false,
      },
      { scheduler: clock, progressEveryMs: 10_000 },
    ).subscribe();
    clock.run();
    assert.ok(ended.closed);
    assert.deepEqual(
      seen.seen.filter(([tag]) => tag === 'walk'),
      [
        ['walk', 0, 500],
        ['walk', 250, 750],
        ['walk', 500, 1000],
        ['walk', 750, 1250],
      ],
    );
    assert.equal(seen.seen.length, 16);
  });

  it('shares are exact, and the same over any number of threads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (weights, of) => {
          const mix = weights.map((weight, i) => ({ weight, scenario: scenario(`s${i}`, get('a', `/${i}`)) }));
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const counts = weights.map(() => 0);
          for (let index = 0; index < of; index++) {
            const clock = new VirtualClock();
            const transports = scriptedTransport({ 'GET *': 'r' }, {}, clock);
            const deps = { scheduler: clock, random: seededRandom(1), share: { index, of } };
            const gun = gunFactory(transports, clock, mix, { deps }).create({ instance: 0 });
            for (let i = index; i < 2 * total * of; i += of)
              (gun.shoot(undefined, shotOf(i)) as Observable<NetSample>).subscribe();
            for (const { request } of transports.requests) {
              const place = Number(request.path.slice(1));
              counts[place] = (counts[place] as number) + 1;
            }
          }
          assert.deepEqual(
            counts,
            weights.map((weight) => 2 * weight * of),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('unsubscribing aborts what is under way, and gives no samples', () => {
    const clock = new VirtualClock();
    const transports = scriptedTransport({ 'GET /a': '10ms r' }, {}, clock);
    const made = transports.create();
    let closed = 0;
    const counting: Transports<HttpRequest> = { create: () => ({ ...made, close: () => void closed++ }) };
    const gun = gunFactory(counting, clock, [{ scenario: scenario('s', group('g', get('a', '/a'))) }]).create({
      instance: 0,
    });
    const seen: NetSample[] = [];
    const playing = (gun.shoot(undefined, shotOf(0)) as Observable<NetSample>).subscribe((sample) => seen.push(sample));
    clock.run(5);
    playing.unsubscribe();
    clock.run();
    gun.close?.();
    assert.deepEqual([seen.length, transports.aborted, closed], [0, 1, 1]);
  });

  it('unsubscribing from inside a sample stops the scenario there', () => {
    const clock = new VirtualClock();
    const transports = scriptedTransport({ 'GET *': '-r' }, {}, clock);
    const two = scenario('s', (flow) => flow.pipe(get('a', '/a'), get('b', '/b'), get('c', '/c')));
    const gun = gunFactory(transports, clock, [{ scenario: two }]).create({ instance: 0 });
    const playing = new Subscription();
    const seen: string[] = [];
    playing.add(
      (gun.shoot(undefined, shotOf(0)) as Observable<NetSample>).subscribe(({ tag }) => {
        seen.push(tag);
        playing.unsubscribe();
      }),
    );
    clock.run();
    assert.deepEqual(seen, ['s/a']);
    assert.ok(transports.requests.length <= 2);
  });

  it('warms its transports up and closes them', () => {
    const calls: string[] = [];
    const transports: Transports<HttpRequest> = {
      warmUp: () => [void calls.push('warm-up')],
      create: () => ({ origin: '', send: () => of() }),
      close: () => {
        calls.push('close');
        return undefined;
      },
    };
    const made = gunFactory(transports, new VirtualClock(), [{ scenario: scenario('s', get('a', '/')) }]);
    made.warmUp?.();
    made.close?.();
    assert.deepEqual(calls, ['warm-up', 'close']);
  });

  it('refuses mixes that can not be played', () => {
    const one = scenario('one', get('a', '/'));
    const refuse = (mix: readonly { scenario: Scenario; weight?: number }[], message: RegExp): void => {
      assert.throws(() => gunFactory(scriptedTransport({}), new VirtualClock(), mix), message);
    };
    refuse([], /there are no scenarios to play/);
    refuse([{ scenario: one, weight: 0 }], /scenario "one" has weight 0/);
    refuse([{ scenario: one }, { scenario: scenario('one', get('a', '/')) }], /two scenarios are named "one"/);
    assert.throws(() => scenario('a/b', get('a', '/')), /name of a scenario is "a\/b"/);
  });

  it('RxJS’s own catchError sees a failure', () => {
    const failure = new ScenarioFailure({ netCode: 998, errorName: 'check: a' }, 's/g');
    assert.equal(String(failure), 'ScenarioFailure: s/g: check: a');
  });
});

describe('cookies', () => {
  const set = (...cookies: readonly string[]) => ({ headers: { 'Set-Cookie': cookies } });
  const cookiesOf = (steps: Scenario, cookies: 'instance' | 'scenario' | 'off', runs = 1): (string | undefined)[] => {
    const transport = scriptedTransport(
      { 'GET /set': '-s', 'GET /drop': '-d', 'GET *': '-r' },
      {
        s: set('sid=1; Path=/', 'deep=2; Path=/deep', 'short=3; Max-Age=1', 'other=4; Domain=elsewhere.test'),
        d: set('sid=; Max-Age=0; Path=/'),
      },
    );
    return playScenario(steps, transport, { cookies, runs }).requests.map(
      ({ request }) => request.headers.find(([name]) => name === 'Cookie')?.[1],
    );
  };
  const walk = scenario('walk', (flow) =>
    flow.pipe(
      get('set', '/set'),
      get('a', '/a'),
      get('deep', '/deep/b'),
      pause(2000),
      get('later', '/a'),
      get('drop', '/drop'),
      get('gone', '/a'),
    ),
  );

  it('are kept and sent by RFC 6265: path, age, domain, removal', () => {
    assert.deepEqual(cookiesOf(walk, 'instance'), [
      undefined,
      'sid=1; short=3',
      'deep=2; sid=1; short=3',
      'sid=1',
      'sid=1',
      undefined,
    ]);
  });

  const visit = scenario('visit', (flow) => flow.pipe(get('a', '/a'), get('set', '/set')));
  for (const [scope, expected] of [
    ['instance', [undefined, undefined, 'sid=1; short=3', 'sid=1; short=3']],
    ['scenario', [undefined, undefined, undefined, undefined]],
    ['off', [undefined, undefined, undefined, undefined]],
  ] as const) {
    it(`${scope}: what the second run of an instance sends`, () =>
      assert.deepEqual(cookiesOf(visit, scope, 2), expected));
  }

  it('an extractor reads what is kept for the root of the target, and no more when its time is over', () => {
    const read: unknown[] = [];
    const look = extract({
      ...{ sid: cookie('sid'), short: orElse(cookie('short'), 'none') },
      ...{ deep: orElse(cookie('deep'), 'none'), other: orElse(cookie('other'), 'none') },
    });
    const reads = scenario('reads', (flow) =>
      flow.pipe(
        get('set', '/set'),
        look,
        tap(({ vars }) => read.push(vars)),
        pause(2000),
        look,
        tap(({ vars }) => read.push(vars)),
      ),
    );
    assert.deepEqual(cookiesOf(reads, 'instance'), [undefined]);
    const kept = { sid: '1', short: '3', deep: 'none', other: 'none' };
    assert.deepEqual(read, [kept, { ...kept, short: 'none' }]);
  });

  it('an extractor finds none when no cookies are kept: the scenario fails there', () => {
    const transport = scriptedTransport({ 'GET /set': '-s' }, { s: set('sid=1') });
    const reads = scenario('reads', (flow) => flow.pipe(get('set', '/set'), extract({ sid: cookie('sid') })));
    const { samples } = playScenario(reads, transport, { cookies: 'off' });
    assert.equal(samples.find(({ tag }) => tag === 'reads/set')?.error, 'extract: sid');
  });

  it('a header of one’s own counts', () => {
    const own = scenario('own', (flow) =>
      flow.pipe(get('set', '/set'), get('a', '/a', { headers: { cookie: 'x=9' } })),
    );
    const transport = scriptedTransport({ 'GET /set': '-s', 'GET *': '-r' }, { s: set('sid=1') });
    assert.deepEqual(playScenario(own, transport).requests[1]?.request.headers, [['cookie', 'x=9']]);
  });
});
