import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { firstValueFrom, ignoreElements, map, Observable, of, Subject, tap, throwError, timer } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { composite, discard, jsonlines, line, num, once, phout, unlimited } from '../../../lib/builtins/components.js';
import { duration } from '../../../lib/codec/duration.js';
import { ConfigError } from '../../../lib/codec/report/configError.js';
import { optional, struct } from '../../../lib/codec/struct.js';
import { defineConfig, type PoolOptions, pool } from '../../../lib/config/code/defineConfig.js';
import { isElpisError } from '../../../lib/core/errors.js';
import type { RunEvent, RunObserver } from '../../../lib/engine/runEvent.js';
import { component } from '../../../lib/plugin/component.js';
import { NetSample } from '../../../lib/protocols/netSample.js';
import { type RunSettings, run } from '../../../lib/run/run.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { stopWhen } from '../../../operators/samples/stopWhen.js';

/** A gun that takes a random time, from the run's seed and clock. */
const randomGun = component({
  kind: 'gun',
  name: 'dice',
  summary: 'Takes a random time.',
  options: struct('dice', { longest: optional(duration, 200, 'at most') }),
  create: ({ longest }, { scheduler, random, log }) => ({
    warmUp: () => {
      log.warn('dice are rolled', { longest });
      return of();
    },
    create: () => ({
      shoot: (_ammo, shot) =>
        timer(random() * longest, scheduler).pipe(
          map(() => {
            const sample = NetSample.of(shot);
            sample.tag = `t${shot.index % 3}`;
            sample.responded = scheduler.now();
            sample.ended = scheduler.now();
            return sample;
          }),
        ),
    }),
  }),
});
const registry = builtins().register(randomGun);

/** Runs in virtual time to the end; returns every event, and the error if there was one. */
function played(
  config: Parameters<typeof run>[0],
  settings: RunSettings = {},
): Promise<{ readonly events: readonly RunEvent[]; readonly error?: unknown }> {
  const clock = new VirtualClock(1_000_000);
  return new Promise((resolve) => {
    const events: RunEvent[] = [];
    run(config, { scheduler: clock, seed: 5, registry, ...settings }).subscribe({
      next: (event) => {
        events.push(event);
        // Files are flushed in real time, so the clock is not run until nothing is left, nor up to the limit for closing a sink.
        if (event.type === 'run-started') queueMicrotask(() => clock.run(clock.now() + 20_000));
      },
      error: (error: unknown) => resolve({ events, error }),
      complete: () => resolve({ events }),
    });
  });
}

const base: PoolOptions = {
  id: 'a',
  gun: randomGun({ longest: '50ms' }),
  ammo: num({}),
  result: discard(),
  rps: once({ times: 4 }),
  startup: once({ times: 2 }),
};
const configOf = (changes: Partial<PoolOptions> = {}) => defineConfig({ pools: [pool({ ...base, ...changes })] });
const typesOf = (events: readonly RunEvent[]): readonly string[] => events.map(({ type }) => type);
const shotsIn = (events: readonly RunEvent[]): readonly (readonly [string, number, number])[] =>
  events.flatMap((event) =>
    event.type === 'run-finished'
      ? event.summaries.map(({ pool: id, total }) => [id, total.ended, total.unfinished] as const)
      : [],
  );

describe('run', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'elpis-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('that is strict fails with the number of operations that were not shot, after its results are written', async () => {
    const destination = join(folder, 'strict.phout');
    const rps = once({ times: 40 });
    const config = configOf({
      gun: randomGun({ longest: '3s' }),
      rps,
      result: phout({ destination }),
      startup: once({ times: 1 }),
    });
    const { events, error } = await played(config, { strict: true });
    const [[, ended = 0] = []] = shotsIn(events);
    assert.ok(isElpisError(error, 'ELPIS_VERDICT'));
    assert.match(error.message, /^the run is INVALID: \d+ % of the planned operations were not shot: 1 instance, /);
    assert.equal(readFileSync(destination, 'utf8').split('\n').length - 1 >= ended, true);
    const strict = { ...config, strict: true };
    assert.ok(isElpisError((await played(strict)).error, 'ELPIS_VERDICT'), 'the key of the config');
    assert.equal((await played(strict, { strict: false })).error, undefined);
  });

  it('gives the same run for YAML, plain data, and code: every sample, byte by byte', async () => {
    const yaml = (name: string): string => `
pools:
  - id: a
    gun: {type: dice, longest: 300ms}
    ammo: {type: num}
    result: [{type: phout, destination: ${join(folder, `${name}.phout`)}, id: true}, {type: jsonlines, sink: ${join(folder, `${name}.jsonl`)}}]
    rps: [{type: line, from: 5, to: 50, duration: 3s}, {type: unlimited, duration: 1s}]
    startup: {type: once, times: 4}
  - id: b
    gun: {type: dice}
    ammo: {type: num, limit: 40}
    result: {type: discard}
    rps: [{type: once, times: 10}, [{type: once, times: 5}, {type: once, times: 99}]]
    startup: {type: instance_step, from: 1, to: 5, step: 2, stepduration: 1s}
    rps-per-instance: true
    overflow: queue
`;
    const code = (name: string) =>
      defineConfig({
        pools: [
          pool({
            id: 'a',
            gun: randomGun({ longest: '300ms' }),
            ammo: num({}),
            result: [
              phout({ destination: join(folder, `${name}.phout`), id: true }),
              jsonlines({ sink: join(folder, `${name}.jsonl`) }),
            ],
            rps: [line({ from: 5, to: 50, duration: '3s' }), unlimited({ duration: '1s' })],
            startup: once({ times: 4 }),
          }),
          pool({
            id: 'b',
            gun: { type: 'dice' },
            ammo: num({ limit: 40 }),
            result: discard(),
            rps: composite({
              nested: [{ type: 'once', times: 10 }, [once({ times: 5 }), once({ times: 99 })]],
            }),
            startup: { type: 'instance_step', from: 1, to: 5, step: 2, stepduration: '1s' },
            rpsPerInstance: true,
            overflow: 'queue',
          }),
        ],
      });
    writeFileSync(join(folder, 'load.yaml'), yaml('yaml'));
    const runs = {
      yaml: await played(pathToFileURL(join(folder, 'load.yaml'))),
      code: await played(code('code')),
    };
    const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
    assert.equal(file('yaml.phout').split('\n').length, 93);
    assert.equal(file('code.phout'), file('yaml.phout'));
    assert.equal(file('code.jsonl'), file('yaml.jsonl'));
    const told = ({ events }: { readonly events: readonly RunEvent[] }): string =>
      // The facts have the text of the config.
      JSON.stringify(events.filter(({ type }) => type !== 'report').map((event) => ({ ...event, facts: undefined })));
    assert.equal(told(runs.code), told(runs.yaml));
    assert.deepEqual(
      shotsIn(runs.yaml.events).map(([id]) => id),
      ['a', 'b'],
    );
  });

  it('emits warnings, the start, the pools, and the summaries at the end', async () => {
    const log = new FakeLog();
    const { events, error } = await played(configOf({ rps: { type: 'const', ops: 2, duration: '2500ms' } }), { log });
    assert.equal(error, undefined);
    assert.deepEqual(typesOf(events), [
      'run-started',
      'pool-started',
      'warning',
      'progress',
      'window',
      'progress',
      'window',
      'window',
      'report',
      'pool-finished',
      'run-finished',
    ]);
    const [started] = events;
    assert.ok(started?.type === 'run-started');
    assert.deepEqual(
      started.pools.map(({ id, plan, instances }) => [id, plan?.count, instances?.count]),
      [['a', 5, 2]],
    );
    assert.equal(started.threads, 1);
    assert.deepEqual(shotsIn(events), [['a', 5, 0]]);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'warning' ? [[event.message, event.fields]] : [])),
      [['dice are rolled', { longest: 50 }]],
    );
  });

  it('emits the warnings of the config first', async () => {
    const { events } = await played(defineConfig({ pools: [] }));
    assert.deepEqual(typesOf(events), ['warning', 'run-started', 'run-finished']);
  });

  it('each subscription is an independent run', async () => {
    const config = configOf({ rps: line({ from: 1, to: 9, duration: '2s' }) });
    const [first, second] = [await played(config), await played(config)];
    assert.equal(JSON.stringify(first.events), JSON.stringify(second.events));
    assert.deepEqual(shotsIn(first.events), [['a', 10, 0]]);
  });

  it('refuses a wrong config before anything starts, with every issue', async () => {
    const { events, error } = await played({ pools: [{ gun: 5 }], x: 1 });
    assert.deepEqual(events, []);
    assert.ok(error instanceof ConfigError);
    assert.equal(error.issues.length, 6);
  });

  it('a failure comes after the summaries', async () => {
    const { events, error } = await played(
      configOf({ gun: { create: () => ({ shoot: () => throwError(() => new Error('no')) }) } }),
    );
    assert.equal(events.at(-1)?.type, 'run-finished');
    assert.ok(isElpisError(error, 'ELPIS_SHOT'));
    assert.deepEqual([error.pool, error.component], ['a', { kind: 'gun', name: 'own' }]);
  });

  it('an abort signal drains: shots under way may finish', async () => {
    const stop = new AbortController();
    const gun = component({
      kind: 'gun',
      name: 'stopping',
      summary: 'Aborts at the third shot.',
      options: struct('stopping', {}),
      create: (_, { scheduler }) => ({
        create: () => ({
          shoot: (_ammo, shot) => {
            if (shot.index === 2) stop.abort();
            return timer(500, scheduler).pipe(map(() => NetSample.of(shot).end(scheduler.now())));
          },
        }),
      }),
    });
    const changes = { gun: gun(), rps: { type: 'const', ops: 10, duration: '60s' }, startup: once({ times: 10 }) };
    const drained = await played(configOf(changes), { signal: stop.signal });
    assert.deepEqual(shotsIn(drained.events), [['a', 3, 0]]);
  });

  it('a run that was aborted before shoots nothing', async () => {
    const { events } = await played(configOf(), { signal: AbortSignal.abort(), drainMs: 0 });
    assert.deepEqual(shotsIn(events), [['a', 0, 0]]);
    assert.equal(events.at(-1)?.type, 'run-finished');
  });

  it('a notifier drains, and its completion has no effect', async () => {
    const { events } = await played(configOf({ rps: unlimited({ duration: '60s' }) }), { drain: of(0) });
    assert.deepEqual(shotsIn(events), [['a', 0, 0]]);
    const early = await played(configOf(), { drain: new Observable((subscriber) => subscriber.complete()) });
    assert.deepEqual(shotsIn(early.events), [['a', 4, 0]]);
  });

  it('an error of the notifier ends the run', async () => {
    const { error } = await played(configOf(), { drain: throwError(() => new Error('notifier')) });
    assert.match(String(error), /notifier/);
  });

  it('unsubscribing aborts everything', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const gun = {
      create: () => ({
        shoot: () => new Observable<never>(() => () => log.push('aborted')),
        close: () => log.push('closed'),
      }),
      close: () => {
        log.push('gunFactory');
        return undefined;
      },
    };
    const events = new Subject<RunEvent>();
    const running = firstValueFrom(events);
    const subscription = run(configOf({ gun, rps: once({ times: 1 }), startup: once({ times: 1 }) }), {
      scheduler: clock,
    }).subscribe(events);
    await running;
    clock.run(clock.now() + 10);
    subscription.unsubscribe();
    assert.deepEqual(log, ['aborted', 'closed', 'gunFactory']);
  });

  it('uses one thread with another clock, with a warning', async () => {
    const { events } = await played(configOf(), { threads: 2 });
    assert.ok(events.some((event) => event.type === 'warning' && /one thread, not in 2/.test(event.message)));
    assert.deepEqual(shotsIn(events), [['a', 4, 0]]);
  });

  it('refuses to share values of the user among threads', async () => {
    const gun = { create: () => ({ shoot: () => of() }) };
    const cases: readonly (readonly [Partial<PoolOptions>, RegExp])[] = [
      [{ gun }, /pools\[0\]\.gun cannot be sent to other threads: it is a value of your own/],
      [{ gun: randomGun() }, /pools\[0\]\.gun cannot be sent to other threads: it is a component of your own/],
      [{ gun: { type: 'dice' }, ammo: num({}, { log: new FakeLog() }) }, /ammo .* made with dependencies of its own/],
      [{ gun: { type: 'dice' }, result: [discard(), map(() => ({}) as never)] }, /pools\[0\]\.result\[1\]/],
    ];
    for (const [changes, message] of cases) {
      const failed = await new Promise((resolve) => {
        run(configOf(changes), { threads: 2, registry: builtins().register({ ...randomGun, name: 'dice' }) }).subscribe(
          {
            error: resolve,
            complete: () => resolve('completed'),
          },
        );
      });
      assert.ok(isElpisError(failed, 'ELPIS_CONFIG'), String(failed));
      assert.match(failed.message, message);
      assert.match(String(failed.hint), /path of the config file/);
    }
  });

  describe('observers', () => {
    const counting =
      (seen: Map<string, number>): RunObserver =>
      (events) =>
        events.pipe(
          tap({
            next: ({ type }) => seen.set(type, (seen.get(type) ?? 0) + 1),
            complete: () => seen.set('|', 1),
          }),
          ignoreElements(),
        );

    it('get all events of the subscriber, from the settings and from the config', async () => {
      const [a, b] = [new Map<string, number>(), new Map<string, number>()];
      const config = { ...configOf(), observers: [counting(b)] };
      const { events } = await played(config, { observers: [counting(a)] });
      for (const seen of [a, b]) {
        const sum = [...seen.values()].reduce((total, count) => total + count, 0);
        assert.deepEqual(
          [seen.get('run-started'), seen.get('run-finished'), seen.get('|'), sum],
          [1, 1, 1, events.length + 1],
        );
      }
    });

    it('are selected in YAML by their type', async () => {
      const file = join(folder, 'observed.json');
      const config = { ...configOf(), observers: [{ type: 'summary-json', file }] };
      await played(config);
      assert.equal(JSON.parse(readFileSync(file, 'utf8')).pools[0].total.shots, 4);
      const { error } = await played({ ...configOf(), observers: [{ type: 'summary-json' }, { type: 'sumary' }] });
      assert.match(String(error), /observers\[0\].file/);
      assert.match(String(error), /observers\[1\].type/);
    });

    it('that fail are reported and do not end the run; the run ends when they are done', async () => {
      const log = new FakeLog();
      const broken: RunObserver = () => throwError(() => new Error('disk full'));
      const { events, error } = await played(configOf(), { log, observers: [broken] });
      assert.equal(error, undefined);
      assert.deepEqual(shotsIn(events), [['a', 4, 0]]);
      const failures = events.flatMap((event) => (event.type === 'observer-failed' ? [event.message] : []));
      assert.deepEqual(failures, ['observer "broken": disk full']);
      assert.ok(log.lines.some(({ level, message }) => level === 'error' && message === failures[0]));
    });

    it('get the failure of the run', async () => {
      let failure: unknown;
      const noting: RunObserver = (events) =>
        events.pipe(
          tap((event) => {
            if (event.type === 'run-finished') failure = event.failure;
          }),
          ignoreElements(),
        );
      const gun = { create: () => ({ shoot: () => throwError(() => new Error('no')) }) };
      const { error } = await played(configOf({ gun }), { observers: [noting] });
      assert.ok(error instanceof Error);
      assert.deepEqual(failure, { code: 'ELPIS_SHOT', message: error.message });
    });
  });

  it('a condition that ends a pool is an event, and in the summary', async () => {
    const stop = stopWhen<NetSample>(({ total }) => total.ended > 3 && 'enough');
    const { events } = await played(
      configOf({ rps: { type: 'const', ops: 5, duration: '60s' }, operators: { samples: [stop] } }),
    );
    assert.ok(events.some((event) => event.type === 'pool-stopped' && event.reason === 'enough'));
    const end = events.at(-1);
    assert.deepEqual(end?.type === 'run-finished' && end.summaries.map(({ stopped }) => stopped), ['enough']);
  });
});
