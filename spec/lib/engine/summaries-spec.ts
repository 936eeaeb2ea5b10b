import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnnouncedPool, PoolEvent, PoolProgress, RunEvent } from '../../../lib/engine/runEvent.js';
import { plannedLoad, Summaries } from '../../../lib/engine/summaries.js';
import type { Histogram } from '../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import type { Command } from '../../../operators/ticks/command.js';
import { timed } from '../../operators/timed.js';

const plan = constPlan({ ops: 10, duration: 2e9 });
const startup = constPlan({ ops: 1, duration: 3e9 });

const announced = (id: string, more: Partial<AnnouncedPool> = {}): AnnouncedPool => ({
  id,
  rpsPerInstance: false,
  ...more,
});

function windowOf(from: number, ended: number): Window {
  const recorder = new WindowRecorder({ from, tagLimit: 10 });
  for (let i = 0; i < ended; i++) recorder.record(timed(5));
  return recorder.close(from + 1000, { planned: ended, started: ended });
}

function lateness(...us: readonly number[]): Histogram {
  const recorder = new HistogramRecorder();
  for (const each of us) recorder.record(each);
  return recorder.take();
}

const started = (pool: string, at = 0): PoolEvent => ({ type: 'pool-started', pool, at });
const windowed = (pool: string, ended: number, threads?: [number, number, Histogram][]): PoolEvent => ({
  ...{ type: 'window', pool, at: 0, window: windowOf(0, ended) },
  ...(threads === undefined
    ? {}
    : { threads: threads.map(([thread, of, late]) => ({ thread, ended: of, lateness: late })) }),
});
const progressed = (pool: string, type: 'progress' | 'pool-finished', instancesStarted: number): PoolEvent => ({
  ...{ type, pool, at: 0 },
  progress: { instancesStarted } as PoolProgress,
});

function allOf(pools: readonly AnnouncedPool[], ...events: readonly PoolEvent[]) {
  const summaries = new Summaries(pools);
  for (const event of events) summaries.add(event);
  return summaries.all;
}

describe('the planned operations of a pool', () => {
  const pools = [announced('a', { plan }), announced('b', { plan })];
  const changed = (command: Command, pool?: string): RunEvent => ({
    ...{ type: 'command', at: 0, command },
    ...(pool === undefined ? {} : { pool }),
  });
  const planned = (...commands: readonly RunEvent[]): unknown => {
    const summaries = new Summaries(pools);
    for (const event of [started('a'), ...commands, started('b'), windowed('a', 7), windowed('b', 20)])
      if (event.type === 'command' || 'pool' in event) summaries.add(event as PoolEvent);
    return summaries.all.map((summary) => [summary.planned?.count, summary.planned?.durationMs]);
  };
  const asPlanned = [20, 2000];

  it('are those of its plan', () => assert.deepEqual(planned(), [asPlanned, asPlanned]));
  it('are those that were asked for, after a command has changed the rate', () => {
    assert.deepEqual(planned(changed({ type: 'rate', perSecond: 5 }, 'a')), [[7, 1000], asPlanned]);
    assert.deepEqual(planned(changed({ type: 'scale', factor: 2 })), [
      [7, 1000],
      [20, 1000],
    ]);
  });
  it('are those of its plan after a pause', () => {
    assert.deepEqual(planned(changed({ type: 'pause' }), changed({ type: 'resume' })), [asPlanned, asPlanned]);
  });
});

describe('plannedLoad', () => {
  const instances = startup;
  for (const [what, pool, expected] of [
    ['of a stream is unknown', {}, null],
    ['is the plan', { plan, instances }, { count: 20, durationMs: 2000 }],
    [
      'of an unlimited plan has no count',
      { plan: unlimitedPlan({ duration: 1e9 }) },
      { count: null, durationMs: 1000 },
    ],
    [
      'per instance is the plan of each, until the last one that starts has ended',
      { plan, instances, rpsPerInstance: true },
      { count: 60, durationMs: 5000 },
    ],
    [
      'per instance has no count when the number of instances is unknown',
      { plan, rpsPerInstance: true },
      { count: null, durationMs: 2000 },
    ],
  ] as const)
    it(`${what}`, () => assert.deepEqual(plannedLoad(announced('a', pool)), expected));
});

describe('Summaries', () => {
  it('has one per pool that has started, in the order of the pools', () => {
    const found = allOf([announced('a'), announced('b'), announced('c')], started('c', 7), started('a'));
    assert.deepEqual(
      found.map(({ pool, window }) => [pool, window.from, window.total.count]),
      [
        ['a', 0, 0],
        ['c', 7, 0],
      ],
    );
  });

  it('merges the windows of each pool', () => {
    const found = allOf([announced('a'), announced('b')], windowed('a', 2), windowed('b', 1), windowed('a', 3));
    assert.deepEqual(
      found.map(({ total }) => total.ended),
      [5, 1],
    );
  });

  it('has the last number of instances', () => {
    const events = [
      progressed('a', 'progress', 2),
      progressed('a', 'progress', 4),
      progressed('b', 'pool-finished', 3),
    ];
    const found = allOf([announced('a'), announced('b'), announced('c')], ...events, started('c'));
    assert.deepEqual(
      found.map(({ instances }) => instances),
      [4, 3, undefined],
    );
  });

  it('has the first reason for which a pool was stopped', () => {
    const stopped = (reason: string): PoolEvent => ({ type: 'pool-stopped', pool: 'a', at: 0, reason });
    const [a, b] = allOf([announced('a'), announced('b')], stopped('one'), stopped('two'), started('b'));
    assert.equal(a?.stopped, 'one');
    assert.equal(b?.stopped, undefined);
  });

  it('adds up the shares of threads, in the order of their numbers, and has none for a single thread', () => {
    const [a, b] = allOf(
      [announced('a'), announced('b')],
      ...[windowed('a', 3, [[1, 2, lateness(1000)]]), windowed('a', 3, [[0, 1, lateness(2000)]])],
      ...[windowed('a', 3, [[1, 5, lateness(9000, 9000)]]), windowed('b', 1)],
    );
    assert.deepEqual(
      a?.threads?.map(({ ended, latenessP50Ms }) => [ended, Math.round(latenessP50Ms ?? 0)]),
      [
        [1, 2],
        [7, 9],
      ],
    );
    assert.equal(b?.threads, undefined);
  });
});
