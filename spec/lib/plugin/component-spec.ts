import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { firstValueFrom, ignoreElements, map, NEVER, type Observable, of, toArray } from 'rxjs';
import type { Codec } from '../../../lib/codec/issue.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { integer, text } from '../../../lib/codec/scalars.js';
import { optional, required, struct } from '../../../lib/codec/struct.js';
import type { Deps } from '../../../lib/core/deps.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { component, defineOperator } from '../../../lib/plugin/component.js';
import { CONFIGURED, type ConfiguredComponent, madeInCode } from '../../../lib/plugin/configured.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { PlanSchedule } from '../../../lib/pull/planSchedule.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { once, oncePlan } from '../../../lib/schedules/once.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { sampleOf } from '../aggregators/sampleOf.js';

/** The deps that each `create` was called with, and how often. */
const seen: Deps[] = [];
const limit = struct('own', { limit: required(integer, 'how many') });
const about = { name: 'own', summary: 'Ours.', options: limit } as const;
const noted = <T>(deps: Deps, made: T): T => {
  seen.push(deps);
  return made;
};
const OWN = {
  schedule: component({
    ...about,
    kind: 'schedule',
    create: (options, deps) => noted(deps, oncePlan({ times: options.limit })),
  }),
  provider: component({ ...about, kind: 'provider', create: (options, deps) => noted(deps, of(options.limit)) }),
  gun: component({
    ...about,
    kind: 'gun',
    create: (options, deps) => noted(deps, { create: () => ({ shoot: () => [options.limit] }) }),
  }),
  aggregator: component({ ...about, kind: 'aggregator', create: (_, deps) => noted(deps, ignoreElements()) }),
  source: component({
    ...about,
    kind: 'source',
    create: (_, deps) => noted(deps, { name: 'bytes', rereadable: true, open: async function* () {} }),
  }),
  sink: component({
    ...about,
    kind: 'sink',
    create: (_, deps) => noted(deps, { name: 'there', open: () => assert.fail('opened') }),
  }),
  middleware: component({
    ...about,
    kind: 'middleware',
    create: (options, deps) => noted(deps, (ammo: number) => ammo + options.limit),
  }),
};
const double = defineOperator('ticks', { ...about, create: () => map((tick) => ({ ...tick, at: tick.at * 2 })) });

describe('a component called in code', () => {
  it('is a value of its kind in a pipeline, bound when it is used', async () => {
    seen.length = 0;
    const provider = OWN.provider({ limit: 3 });
    const gun = OWN.gun({ limit: 3 });
    const aggregator = OWN.aggregator({ limit: 3 });
    const middleware = OWN.middleware({ limit: 3 }) as (ammo: number) => unknown;
    assert.equal(seen.length, 0);
    assert.ok(provider instanceof Pullable);
    assert.deepEqual(await firstValueFrom(provider.pipe(toArray())), [3]);
    assert.deepEqual([...(gun.create({ instance: 0 }).shoot(1, {} as never) as Iterable<unknown>)], [3]);
    assert.deepEqual(await firstValueFrom(of(1).pipe(aggregator, toArray())), []);
    assert.equal(middleware(4), 7);
    assert.equal(seen.length, 4);
    const schedule = OWN.schedule({ limit: 3 });
    assert.ok(schedule instanceof PlanSchedule && schedule.plan.count === 3);
    assert.deepEqual([OWN.source({ limit: 1 }).name, OWN.sink({ limit: 1 }).name], ['bytes', 'there']);
    assert.deepEqual(
      (await firstValueFrom(of({ index: 0, at: 4 }).pipe(double({ limit: 1 }), toArray()))).map(({ at }) => at),
      [8],
    );
  });

  it('uses the clock of the consumer that pulls it, or the dependencies that it was given', () => {
    const clock = new VirtualClock();
    const given = new VirtualClock();
    seen.length = 0;
    OWN.provider({ limit: 1 }).open(clock).close();
    OWN.provider({ limit: 1 }, { scheduler: given }).open(clock).close();
    assert.deepEqual(
      seen.map(({ scheduler }) => scheduler),
      [clock, given],
    );
  });

  it('binds a gun once, and again after it was closed', () => {
    seen.length = 0;
    const gun = OWN.gun({ limit: 1 });
    gun.create({ instance: 0 });
    gun.create({ instance: 1 });
    assert.equal(seen.length, 1);
    gun.close?.();
    gun.create({ instance: 0 });
    assert.equal(seen.length, 2);
  });

  it('carries its name, options, description and traits, without visible keys', () => {
    const shown = component({
      ...about,
      kind: 'sink',
      create: () => ({ name: '', open: () => assert.fail('opened') }),
      describe: (options) => `up to ${options.limit}`,
      traits: (options) => ({ stdout: options.limit > 5 }),
    });
    const made = shown({ limit: 7 })[CONFIGURED];
    assert.deepEqual([made.kind, made.name, made.options, made.written], ['sink', 'own', { limit: 7 }, { limit: 7 }]);
    assert.deepEqual([made.describe(), made.traits], ['up to 7', { stdout: true }]);
    assert.deepEqual(Object.keys(OWN.gun({ limit: 1 })), ['made']);
    assert.equal(madeInCode({ kind: 'gun' }), undefined);
  });

  it('is the component itself: kind, name, summary and codec', () => {
    assert.deepEqual([OWN.gun.kind, OWN.gun.name, OWN.gun.summary], ['gun', 'own', 'Ours.']);
    assert.equal(OWN.gun.options(), limit);
    assert.deepEqual([double.kind, double.at], ['operator', 'ticks']);
    assert.equal(OWN.gun.describe({ limit: 1 }), 'own');
    assert.deepEqual(OWN.gun.traits({ limit: 1 }), {});
  });
});

describe('a component with wrong options', () => {
  const wrong = { limit: 'many', extra: 1 } as unknown as { limit: number };
  /** The error of a use of it. */
  function failure(use: () => unknown): unknown {
    try {
      const made = use();
      let failed: unknown;
      const stream = made as Partial<Observable<unknown>>;
      stream.subscribe?.({
        error: (error) => {
          failed = error;
        },
      });
      return failed;
    } catch (error) {
      return error;
    }
  }
  const sample = sampleOf({});
  const uses: Readonly<Record<string, () => unknown>> = {
    'a schedule that is subscribed to': () => OWN.schedule(wrong),
    'a schedule whose plan is asked': () => OWN.schedule(wrong).plan.count,
    'a schedule whose length is asked': () => OWN.schedule(wrong).plan.durationNs,
    'a provider that is subscribed to': () => OWN.provider(wrong),
    'a gun that is warmed up': () => OWN.gun(wrong).warmUp?.(),
    'a gun that is made': () => OWN.gun(wrong).create({ instance: 0 }),
    'an aggregator that gets samples': () => of(sample).pipe(OWN.aggregator(wrong)),
    'a source that is opened': () => OWN.source(wrong).open(),
    'a sink that is opened': () => OWN.sink(wrong).open(),
    'a middleware that is applied': () => (OWN.middleware(wrong) as (ammo: number) => unknown)(1),
    'an operator that is applied': () => NEVER.pipe(double(wrong)),
  };
  for (const [sentence, use] of Object.entries(uses)) {
    it(`fails with every issue: ${sentence}`, () => {
      const error = failure(use);
      assert.ok(error instanceof ConfigError, String(error));
      assert.deepEqual(
        error.issues.map(({ path, code }) => `${path} ${code}`),
        ['extra unknown-key', 'limit wrong-type'],
      );
    });
  }

  it('has the stack of the call, and does not throw there', () => {
    function here() {
      return OWN.gun(wrong);
    }
    const [, first = ''] = here()[CONFIGURED].error?.stack?.split('\n    at ') ?? [];
    assert.match(first, /^here .*component-spec\.ts/);
  });

  it('is reported at its place when it is part of a config', () => {
    const registry = new Registry([OWN.provider]);
    const config = struct('pool', { ammo: required(pluginCodecs(registry).provider, 'ammo') });
    const decoded = config.decode({ ammo: OWN.provider(wrong) });
    assert.ok(isLeft(decoded));
    assert.deepEqual(
      decoded.left.map(({ context }) => context.map(({ key }) => key).join('/')),
      ['/ammo/extra', '/ammo/limit'],
    );
  });
});

describe('components inside of a component', () => {
  const parts = (): readonly [typeof once] => [once];
  const twice = component({
    kind: 'schedule',
    name: 'twice',
    summary: 'Another schedule, twice.',
    parts,
    options: ({ schedule }) => struct('twice', { nested: required(schedule, 'the other') }),
    create: ({ nested }, deps) => {
      const plan = (nested as ConfiguredComponent<'schedule'>).create(deps);
      return compositePlan('atNs' in plan ? [plan, plan] : []);
    },
  });

  it('are values, or the components that it names', () => {
    assert.equal(twice({ nested: once({ times: 2 }) }).plan.count, 4);
    assert.equal(twice({ nested: { type: 'once', times: 3 } }).plan.count, 6);
    assert.throws(
      () => twice({ nested: { type: 'line' } }).plan.count,
      /nested\.type: expected one of once, got "line"/,
    );
  });

  it('add their issues, at their places', () => {
    assert.throws(() => twice({ nested: once({ times: 0 }) }).plan.count, /nested\.times: expected .* at least 1/);
  });

  it('are made again by the registry that reads the whole config', () => {
    const loud = component({
      ...about,
      name: 'once',
      kind: 'schedule',
      options: struct('loud', { times: optional(text, '', '') }),
      create: () => oncePlan({ times: 99 }),
    });
    const { schedule } = pluginCodecs(new Registry([loud, twice]));
    const decoded = schedule.decode(twice({ nested: once({ times: 1 }) }));
    assert.ok(isLeft(decoded));
    const options: Codec<unknown> = schedule as Codec<unknown>;
    const read = options.decode(twice({ nested: { type: 'once', times: 'x' } }));
    assert.ok(!isLeft(read));
    const made = (read.right as ConfiguredComponent<'schedule'>).create(fakeDeps());
    assert.ok('atNs' in made && made.count === 198);
  });
});
