import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Observable, Subject } from 'rxjs';
import { judgedFailure, RunJudgement } from '../../../lib/engine/judgement.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import type { RunHandle } from '../../../lib/engine/runHandle.js';
import { eventFromJson, eventToJson } from '../../../lib/record/eventJson.js';
import { threshold } from '../../../lib/rules/parseThreshold.js';
import { type RunSettings, run } from '../../../lib/run/run.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const RULES = [
  'p99(response) < 40ms over 2s otherwise stop',
  'errors < 1%',
  'rate >= 0.5 x planned otherwise warn',
  'errors < 1% of tag "nobody"',
];

/** Two pools for 60 s; the gun of the first becomes slow at 10 s. */
function configOf(clock: VirtualClock, more: object, pool: object) {
  const fast = new FakeGunFactory({ scheduler: clock, latencyMs: 20 });
  const slowing = {
    create: (context: object) => {
      const usual = new FakeGunFactory({ scheduler: clock, latencyMs: 20 }).create(context as never);
      const slow = new FakeGunFactory({ scheduler: clock, latencyMs: 80 }).create(context as never);
      return { shoot: (ammo: never, shot: never) => (clock.now() < 10_000 ? usual : slow).shoot(ammo, shot) };
    },
  };
  return {
    pools: [slowing, fast].map((gun, i) => ({
      id: `p${i}`,
      gun,
      ammo: { type: 'dummy' },
      result: { type: 'discard' },
      rps: { type: 'const', ops: 20, duration: '60s' },
      startup: { type: 'once', times: 20 },
      ...pool,
    })),
    thresholds: RULES,
    ...more,
  };
}

/** The events of a run in virtual time, and its error. */
async function played(
  more: object = {},
  settings: RunSettings = {},
  steer: (clock: VirtualClock, handle: RunHandle) => void = () => undefined,
  pool: object = {},
) {
  const clock = new VirtualClock(0);
  const events: RunEvent[] = [];
  let error: Error | undefined;
  const observer = (seen: Observable<RunEvent>, handle: RunHandle) => {
    steer(clock, handle);
    return new Observable<never>((subscriber) => seen.subscribe({ complete: () => subscriber.complete() }));
  };
  const ended = new Promise<void>((resolve) => {
    run(configOf(clock, more, pool), { scheduler: clock, observers: [observer], ...settings }).subscribe({
      next: (event) => events.push(event),
      error: (failure: Error) => {
        error = failure;
        resolve();
      },
      complete: resolve,
    });
  });
  // The config is read before the pools start.
  while (!events.some(({ type }) => type === 'run-started')) await new Promise((resolve) => setImmediate(resolve));
  clock.run(120_000);
  await ended;
  return { events, error, finished: events.find((event) => event.type === 'run-finished') };
}

describe('a judged run', () => {
  it('is stopped by its threshold through the one way down: an annotation, the ending, the error, no shot later', async () => {
    const { events, error, finished } = await played();
    const at = 12_000;
    const annotation = events.find(({ type }) => type === 'annotation');
    assert.ok(annotation?.type === 'annotation');
    assert.match(annotation.text, /^p99\(response\) < 40ms over 2s was 80 ms$/);
    assert.equal(annotation.at <= at, true);
    assert.deepEqual(finished?.ending?.by, 'rule');
    assert.match(finished?.ending?.text ?? '', /^stopped after 1[12]\.?\d*s: p99\(response\) < 40ms over 2s was 80/);
    assert.match(String(error), /1 of 3 thresholds violated/);
    assert.ok(events.filter(({ type }) => type === 'pool-finished').length === 2, 'all pools are closed');
    const shots = finished?.summaries.map(({ total }) => total.started) ?? [];
    assert.ok(
      shots.every((count) => count >= 220 && count <= 245),
      String(shots),
    );
  });

  it('has the states of all thresholds after each window, in the order of the config', async () => {
    const { events, finished } = await played();
    const states = events.filter((event) => event.type === 'thresholds');
    assert.ok(states.length >= 10);
    assert.ok(
      states.every(
        (event) =>
          event.states.map(({ condition }) => condition).join() ===
          finished?.thresholds?.map(({ condition }) => condition).join(),
      ),
    );
    assert.deepEqual(
      finished?.thresholds?.map(({ status, violated }) => [status, violated]),
      [
        ['fails', true],
        ['passes', false],
        ['passes', false],
        ['pending', false],
      ],
    );
    assert.ok(
      events.some(
        (event) => event.type === 'warning' && /was not judged: what it names has not appeared/.test(event.message),
      ),
    );
  });

  it('equals the judgement of its events, also when they are read back from JSON', async () => {
    const { events, finished } = await played();
    const started = events.find((event) => event.type === 'run-started');
    assert.ok(started?.type === 'run-started' && finished?.type === 'run-finished');
    const judgement = new RunJudgement(started.pools, started.threads, { thresholds: RULES.map(threshold) });
    for (const event of events) {
      const again = eventFromJson(JSON.parse(JSON.stringify(eventToJson(event))));
      assert.ok(again !== undefined);
      judgement.add(again);
    }
    const { verdict, thresholds } = judgement.end(finished.at);
    assert.deepEqual([verdict, thresholds], [finished.verdict, finished.thresholds]);
  });

  it('property: its record is judged as it was, with the limits of its config', async () => {
    const judging = fc.record({
      notShot: fc.constantFrom(0, 5, 50, 100),
      lateness: fc.constantFrom(0, 10),
      ignore: fc.subarray(['not-shot', 'missed-rate'] as const),
      failOn: fc.constantFrom('degraded', 'invalid', null),
      thresholds: fc.subarray(['errors < 1%', 'p99(response) < 25ms', 'p99(response) < 40ms over 2s for 2']),
      instances: fc.constantFrom(1, 2, 20),
    });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(judging, async ({ thresholds, failOn, instances, ...verdict }) => {
        const { events, error, finished } = await played(
          { thresholds, verdict: { ...verdict, ...(failOn === null ? {} : { failOn }) } },
          {},
          undefined,
          { startup: { type: 'once', times: instances }, rps: { type: 'const', ops: 60, duration: '12s' } },
        );
        assert.ok(finished?.type === 'run-finished');
        const read = events.map((event) => eventFromJson(JSON.parse(JSON.stringify(eventToJson(event)))) as RunEvent);
        const started = read.find((event) => event.type === 'run-started');
        const limits = started?.type === 'run-started' ? started.facts?.judging : undefined;
        assert.ok(started?.type === 'run-started' && limits !== undefined);
        const judgement = new RunJudgement(started.pools, started.threads, {
          thresholds: thresholds.map(threshold),
          verdict: limits.verdict,
        });
        for (const event of read) judgement.add(event);
        const again = judgement.end(finished.at);
        assert.deepEqual([again.verdict, again.thresholds], [finished.verdict, finished.thresholds]);
        assert.equal(judgedFailure(again, limits.failOn)?.message, error?.message);
        seen.add(`${again.verdict.level} ${error === undefined ? 'passes' : 'fails'}`);
      }),
      { numRuns: 40, seed: 11 },
    );
    assert.deepEqual(
      [...seen].sort(),
      ['DEGRADED', 'INVALID', 'VALID'].flatMap((level) => [`${level} fails`, `${level} passes`]),
    );
  });

  const endings: readonly [sentence: string, by: string, text: RegExp, ...Parameters<typeof played>][] = [
    ['the plan', 'plan', /^the plan ended after 1m$|^the plan ended after 1m\d?\.?\d*s$/, { thresholds: [] }],
    [
      'an observer',
      'user',
      /^stopped after 5s: the key q$/,
      { thresholds: [] },
      {},
      (clock, handle) => void clock.schedule(() => handle.stop(0, 'the key q'), 5000),
    ],
    [
      'its owner',
      'user',
      /^stopped after 0s: it was drained by its owner$/,
      { thresholds: [] },
      { drain: new Observable((subscriber) => subscriber.next(0)) },
    ],
    [
      'an aborted signal',
      'user',
      /^stopped after 0s: its signal was aborted$/,
      { thresholds: [] },
      { signal: AbortSignal.abort(), drainMs: 0 },
    ],
  ];
  for (const [sentence, by, text, ...given] of endings)
    it(`says that ${sentence} ended it`, async () => {
      const { finished, error } = await played(...given);
      assert.equal(error, undefined);
      assert.deepEqual(finished?.ending?.by, by);
      assert.match(finished?.ending?.text ?? '', text);
    });

  it('shoots nothing when it was stopped before its start', async () => {
    const { finished } = await played({ thresholds: [] }, { signal: AbortSignal.abort(), drainMs: 0 });
    assert.deepEqual(
      finished?.summaries.map(({ total }) => total.started),
      [0, 0],
    );
  });

  it('fails when the notifier of its owner fails', async () => {
    const drain = new Subject<number>();
    const { error } = await played(
      { thresholds: [] },
      { drain },
      (clock) => void clock.schedule(() => drain.error(new Error('broken')), 5000),
    );
    assert.match(String(error), /the drain failed|broken/);
  });

  it('fails by its verdict only when it must not be so bad', async () => {
    const overloaded = { thresholds: [], strict: true };
    const one = { startup: { type: 'once', times: 1 }, rps: { type: 'const', ops: 100, duration: '10s' } };
    const codes = async (settings: RunSettings) =>
      (await played(overloaded, settings, undefined, one)).error?.toString().slice(0, 36);
    assert.equal(await codes({}), 'ElpisError: the run is INVALID: pool');
    assert.equal(await codes({ failOn: 'invalid' }), 'ElpisError: the run is INVALID: pool');
    assert.equal(await codes({ failOn: null }), undefined);
    assert.equal(await codes({ strict: false }), undefined);
  });

  it('has no readings of the process in virtual time, and no states without thresholds', async () => {
    const { events } = await played({ thresholds: [] });
    assert.deepEqual(
      events.filter(({ type }) => type === 'process' || type === 'thresholds'),
      [],
    );
  });
});
