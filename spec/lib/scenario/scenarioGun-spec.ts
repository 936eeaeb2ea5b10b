import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, type Observable, of, type SchedulerLike, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Gun, GunFactory } from '../../../lib/core/gun.js';
import { runPool } from '../../../lib/engine/runPool.js';
import { type HttpRequest, toHttpAmmo } from '../../../lib/protocols/http.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import type { Transports } from '../../../lib/protocols/transport.js';
import { type Scenario, scenario } from '../../../lib/scenario/scenario.js';
import { type ScenarioAmmo, scenarioAmmo } from '../../../lib/scenario/scenarioAmmo.js';
import { ScenarioFailure } from '../../../lib/scenario/scenarioFailure.js';
import { scenarioGuns } from '../../../lib/scenario/scenarioGun.js';
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
const ammoOf = (played: Scenario): ScenarioAmmo => ({
  protocol: 'scenario',
  id: 1,
  tag: played.name,
  scenario: played,
});
const gunFactory = (
  transports: Transports<HttpRequest>,
  scheduler: SchedulerLike,
): GunFactory<ScenarioAmmo, NetSample> =>
  scenarioGuns({ transports, deps: { scheduler, random: seededRandom(1), share: whole } });
/** Plays one scenario by one instance. */
const start = (gun: Gun<ScenarioAmmo, NetSample>, played: Scenario): Observable<NetSample> => {
  const ammo = ammoOf(played);
  return gun.shoot(ammo, { index: 0, at: 0, ammo, instance: 0, started: 0, slotWait: 0 }) as Observable<NetSample>;
};

describe('scenarioGuns', () => {
  it('ends a scenario at its own limit or else that of the gun: its request is aborted, and the scenario times out', () => {
    const ends = (own: number | undefined, ofGun: number): unknown => {
      const clock = new VirtualClock();
      const transports = scriptedTransport({ 'GET /a': '--r', 'GET /b': '20ms r' }, {}, clock);
      const played = scenario(
        's',
        (flow) => flow.pipe(get('a', '/a'), pause(10), get('b', '/b')),
        own === undefined ? {} : { timeoutMs: own },
      );
      const deps = { scheduler: clock, random: seededRandom(1), share: whole };
      const seen: [string, string, number][] = [];
      let over = false;
      start(scenarioGuns({ transports, scenarioTimeoutMs: ofGun, deps }).create({ instance: 0 }), played).subscribe({
        next: ({ tag, errorName, ended }) => seen.push([tag, errorName, ended]),
        complete: () => {
          over = true;
        },
      });
      clock.run();
      assert.ok(over);
      return seen;
    };
    const a = ['s/a', '', 2];
    assert.deepEqual(ends(undefined, 0), [a, ['s/b', '', 32], ['s', '', 32]]);
    assert.deepEqual(ends(5, 0), [a, ['s', 'timed out after 5ms', 5]]);
    assert.deepEqual(ends(undefined, 15), [a, ['s/b', 'aborted', 15], ['s', 'timed out after 15ms', 15]]);
    assert.deepEqual(ends(100, 15), [a, ['s/b', '', 32], ['s', '', 32]]);
  });

  it('refuses a scenario without steps, as code without types may have it', () => {
    const withoutTypes = scenario as (...args: readonly unknown[]) => unknown;
    assert.throws(() => withoutTypes('s'), /scenario "s": its steps are undefined, expected a function/);
    assert.throws(
      () => withoutTypes('s', { timeoutMs: 5 }),
      /scenario "s": its steps are \[object Object\], expected a function/,
    );
  });

  it('refuses a limit of a scenario that is not above 0', () => {
    for (const timeoutMs of [0, Number.NaN])
      assert.throws(() => scenario('s', get('a', '/'), { timeoutMs }), /scenario "s": timeoutMs is/);
  });

  it('a shot is one scenario: the samples of its requests as they end, its own last', () => {
    const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
    scheduler.run(({ expectObservable }) => {
      const transports = scriptedTransport({ 'GET /a': '--r', 'GET /b': '---r' }, {}, scheduler);
      const walk = scenario('walk', (flow) => flow.pipe(get('a', '/a'), pause(4), get('b', '/b')));
      const gun = gunFactory(transports, scheduler).create({ instance: 0 });
      expectObservable(start(gun, walk).pipe(map(({ tag }) => tag))).toBe('--a------(bw|)', {
        a: 'walk/a',
        b: 'walk/b',
        w: 'walk',
      });
    });
  });

  it('is run by the engine: rps counts scenario starts, instances are virtual users', () => {
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
        provider: scenarioAmmo([{ scenario: walk }]),
        gunFactory: gunFactory(transports, clock),
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

  it('unsubscribing aborts requests under way, and emits no samples', () => {
    const clock = new VirtualClock();
    const transports = scriptedTransport({ 'GET /a': '10ms r' }, {}, clock);
    const made = transports.create();
    let closed = 0;
    const counting: Transports<HttpRequest> = { create: () => ({ ...made, close: () => void closed++ }) };
    const gun = gunFactory(counting, clock).create({ instance: 0 });
    const seen: NetSample[] = [];
    const played = scenario('s', group('g', get('a', '/a')));
    const playing = start(gun, played).subscribe((sample) => seen.push(sample));
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
    const gun = gunFactory(transports, clock).create({ instance: 0 });
    const playing = new Subscription();
    const seen: string[] = [];
    playing.add(
      start(gun, two).subscribe(({ tag }) => {
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
    const made = gunFactory(transports, new VirtualClock());
    made.warmUp?.();
    made.close?.();
    assert.deepEqual(calls, ['warm-up', 'close']);
  });

  const wrong: readonly (readonly [sentence: string, ammo: unknown, said: RegExp])[] = [
    ['HTTP ammo', toHttpAmmo('GET', '/'), /cannot play http ammo, expected a scenario/],
    ['text', 'buy', /cannot play ammo of type string/],
    ['nothing', null, /cannot play ammo of type null/],
    ['a promise of a scenario', { protocol: 'scenario', scenario: {} }, /cannot play scenario ammo/],
  ];
  for (const [sentence, ammo, said] of wrong) {
    it(`refuses ${sentence}, and names the provider to use`, () => {
      const gun = gunFactory(scriptedTransport({}), new VirtualClock()).create({ instance: 0 });
      const shot = { index: 0, at: 0, ammo: ammo as ScenarioAmmo, instance: 0, started: 0, slotWait: 0 };
      assert.throws(
        () => gun.shoot(ammo as ScenarioAmmo, shot),
        (error) =>
          isElpisError(error, 'ELPIS_SHOT') && said.test(error.message) && /type: scenario/.test(error.hint ?? ''),
      );
    });
  }

  it('a scenario’s name is a part of tags', () => {
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

  it('a header of one’s own counts', () => {
    const own = scenario('own', (flow) =>
      flow.pipe(get('set', '/set'), get('a', '/a', { headers: { cookie: 'x=9' } })),
    );
    const transport = scriptedTransport({ 'GET /set': '-s', 'GET *': '-r' }, { s: set('sid=1') });
    assert.deepEqual(playScenario(own, transport).requests[1]?.request.headers, [['cookie', 'x=9']]);
  });
});
