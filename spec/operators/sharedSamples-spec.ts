import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  bufferTime,
  concatMap,
  delay,
  filter,
  groupBy,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  observeOn,
  of,
  retry,
  type SchedulerLike,
  share,
  shareReplay,
  switchMap,
  takeUntil,
  tap,
  timer,
  toArray,
} from 'rxjs';
import { summary } from '../../lib/aggregators/summary.js';
import { retag } from '../../lib/builtins/components.js';
import type { Aggregator } from '../../lib/core/aggregator.js';
import type { Shot } from '../../lib/core/shot.js';
import { isSummarySnapshot, type SummarySnapshot, type TagSummary } from '../../lib/measure/summary.js';
import type { Window } from '../../lib/measure/window.js';
import { NetSample } from '../../lib/protocols/netSample.js';
import { constPlan } from '../../lib/schedules/const.js';
import { VirtualClock } from '../../lib/time/virtualClock.js';
import { bufferSamples } from '../../operators/samples/bufferSamples.js';
import { isolated } from '../../operators/samples/isolated.js';
import { reportTo } from '../../operators/samples/reportTo.js';
import { rollUp } from '../../operators/samples/rollUp.js';
import { shoot } from '../../operators/shots/shoot.js';
import { zipAmmo } from '../../operators/shots/zipAmmo.js';
import { ticks } from '../../operators/ticks/ticks.js';

const endless: Iterable<number> = {
  *[Symbol.iterator]() {
    for (let i = 0; ; i++) yield i;
  },
};

/** 100 operations, one every 2 ms: `fast` takes 10 ms, every other one is `slow`, takes 30 ms and ends with status 500. */
function shooting(scheduler: SchedulerLike): Observable<NetSample> {
  const shootOne = (_: unknown, shot: Shot<unknown>): Observable<NetSample> => {
    const slow = shot.index % 2 === 1;
    const sample = NetSample.of(shot);
    sample.tag = slow ? 'slow' : 'fast';
    return timer(slow ? 30 : 10, scheduler).pipe(map(() => sample.end(scheduler.now(), slow ? 500 : 200)));
  };
  return ticks(constPlan({ ops: 500, duration: 200e6 }), { scheduler }).pipe(
    zipAmmo(endless, { scheduler }),
    shoot({ create: () => ({ shoot: shootOne }) }, { instances: 50, scheduler }),
  );
}
const ALL = ['fast: 50, bad 0, 10 ms', 'slow: 50, bad 50, 30 ms'];

const lineOf = ({ tag, ended, bad, serviceTimeMs }: TagSummary): string =>
  `${tag}: ${ended}, bad ${bad}, ${Math.round(serviceTimeMs.p50 ?? Number.NaN)} ms`;
const linesOf = ({ tags }: SummarySnapshot): string[] => tags.map(lineOf).sort();

/** The summary of each stream at the end of virtual time; all are subscribed to in this order. */
function summariesOf(streams: readonly Observable<NetSample>[], clock: VirtualClock): string[][] {
  const seen = streams.map((): string[] => []);
  for (const [i, stream] of streams.entries())
    stream.pipe(reportTo(summary({ scheduler: clock }))).subscribe(({ detail }) => {
      if (isSummarySnapshot(detail)) seen[i] = linesOf(detail);
    });
  clock.run();
  return seen;
}

function summaryAlone(): string[] | undefined {
  const clock = new VirtualClock(1000);
  return summariesOf([shooting(clock)], clock)[0];
}

type Streams = (samples: Observable<NetSample>, clock: VirtualClock) => readonly Observable<NetSample>[];
const failing = (at: number) => {
  let seen = 0;
  return tap<NetSample>(() => {
    seen++;
    if (seen === at) throw new Error('broken');
  });
};

const ROWS: readonly (readonly [sentence: string, streams: Streams, ...expected: readonly (readonly string[])[]])[] = [
  ['share: two reporters', (samples) => [samples.pipe(share())].flatMap((shared) => [shared, shared]), ALL, ALL],
  [
    'shareReplay: a reporter that subscribes after the end',
    (samples, clock) => {
      const replayed = samples.pipe(shareReplay());
      return [replayed, timer(60_000, clock).pipe(switchMap(() => replayed))];
    },
    ALL,
    ALL,
  ],
  [
    'takeUntil: a reporter that stops early has the samples up to then, the other has all',
    (samples, clock) => {
      const shared = samples.pipe(share());
      return [shared.pipe(takeUntil(timer(41, clock))), shared];
    },
    ['fast: 8, bad 0, 10 ms', 'slow: 3, bad 3, 30 ms'],
    ALL,
  ],
  [
    'retry: the samples of the broken run and of the whole one after it',
    (samples) => [samples.pipe(failing(11), retry(1))],
    ['fast: 58, bad 0, 10 ms', 'slow: 52, bad 52, 30 ms'],
  ],
  [
    'mergeMap: each sample later',
    (samples, clock) => [samples.pipe(mergeMap((s) => of(s).pipe(delay(25, clock))))],
    ALL,
  ],
  ['concatMap: one by one', (samples, clock) => [samples.pipe(concatMap((s) => of(s).pipe(delay(5, clock))))], ALL],
  ['observeOn: on another turn', (samples, clock) => [samples.pipe(observeOn(clock, 7))], ALL],
  ['delay: all later', (samples, clock) => [samples.pipe(delay(500, clock))], ALL],
  ['bufferTime: in lists', (samples, clock) => [samples.pipe(bufferTime(50, clock), mergeAll())], ALL],
  ['toArray: all kept until the end', (samples) => [samples.pipe(toArray(), mergeAll())], ALL],
  [
    'groupBy: by tag and together again',
    (samples) => [
      samples.pipe(
        groupBy(({ tag }) => tag),
        mergeAll(),
      ),
    ],
    ALL,
  ],
  [
    'filter: each half at a reporter of its own',
    (samples) => {
      const shared = samples.pipe(share());
      return ['fast', 'slow'].map((name) => shared.pipe(filter(({ tag }) => tag === name)));
    },
    ALL.slice(0, 1),
    ALL.slice(1),
  ],
  [
    'bufferSamples beside share: batches of the samples themselves',
    (samples, scheduler) => {
      const shared = samples.pipe(share());
      return [shared.pipe(bufferSamples({ maxMs: 40, scheduler }), mergeAll()), shared];
    },
    ALL,
    ALL,
  ],
];

describe('samples with several consumers', () => {
  for (const [sentence, streams, ...expected] of ROWS)
    it(`${sentence}; a run after it has its own numbers`, () => {
      const clock = new VirtualClock(1000);
      assert.deepEqual(summariesOf(streams(shooting(clock), clock), clock), expected);
      assert.deepEqual(summaryAlone(), ALL);
    });

  it('rollUp beside a summary on one share, with an isolated reporter that fails: all count the same', () => {
    const clock = new VirtualClock(1000);
    const shared = shooting(clock).pipe(share());
    const windows: Window[] = [];
    shared.pipe(rollUp({ everyMs: 100, scheduler: clock })).subscribe((window) => windows.push(window));
    const broken: Aggregator<NetSample> = (samples) =>
      samples.pipe(
        failing(20),
        map(() => assert.fail()),
        filter(() => false),
      );
    const seen: string[][] = [];
    const aggregators = [isolated(broken, { atEnd: 'complete' }), summary({ scheduler: clock })];
    for (let i = 0; i < 2; i++)
      shared.pipe(reportTo<NetSample>(...aggregators)).subscribe(({ detail }) => {
        if (isSummarySnapshot(detail)) seen.push(linesOf(detail));
      });
    clock.run();
    assert.deepEqual(seen, [ALL, ALL]);
    const shots = (tag: string): number => windows.reduce((sum, { tags }) => sum + (tags.get(tag)?.ended ?? 0), 0);
    assert.deepEqual([shots('fast'), shots('slow')], [50, 50]);
    assert.deepEqual(summaryAlone(), ALL);
  });

  it('a branch that changes copies does not affect the other', () => {
    const clock = new VirtualClock(1000);
    const shared = shooting(clock).pipe(share());
    const renamed = shared.pipe(map((sample) => sample.with({ tag: 'x', netCode: 0, protoCode: 200 })));
    const retagged = shared.pipe(retag({ pattern: /fast|slow/, replacement: 'y' }));
    const [first, second, third] = summariesOf([renamed, retagged, shared], clock);
    assert.deepEqual([first?.length, second?.length, third], [1, 1, ALL]);
    assert.match(String(first), /^x: 100, bad 0/);
    assert.match(String(second), /^y: 100, bad 50/);
  });

  it('a kept sample has the same values after the run and after another run', () => {
    const clock = new VirtualClock(1000);
    let kept: NetSample[] = [];
    const shared = shooting(clock).pipe(share());
    shared.pipe(toArray()).subscribe((samples) => {
      kept = samples;
    });
    summariesOf([shared], clock);
    summaryAlone();
    assert.deepEqual(
      kept.map(({ tag, started, ended }) => [tag, started, ended - started]).sort(),
      Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0 ? ['fast', 1000 + 2 * i, 10] : ['slow', 1000 + 2 * i, 30],
      ).sort(),
    );
  });
});
