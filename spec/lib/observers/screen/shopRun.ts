import type { RunEvent } from '../../../../lib/engine/runEvent.js';
import type { WorkerState } from '../../../../lib/measure/workerState.js';
import { compositePlan } from '../../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../../lib/schedules/const.js';
import { linePlan } from '../../../../lib/schedules/line.js';
import { RunView } from '../../../../lib/view/runView.js';
import { command } from '../../../../operators/ticks/command.js';
import { commandAt, progress, START, windowAt } from '../../view/sampleEvents.js';

const TAGS = ['home', 'search', '/カート/追加', 'pay\x1b[31m'];
const plan = compositePlan([linePlan({ from: 10, to: 60, duration: 20e9 }), constPlan({ ops: 60, duration: 40e9 })]);

/** The events of a run of a shop until a second: two pools, four tags, some failures, a pause, thresholds and remarks. */
export function shopEvents(until: number): readonly RunEvent[] {
  const events: RunEvent[] = [
    { type: 'warning', at: START - 10, message: 'pools[0].startup: 20 instances for 60 shots per second', fields: {} },
    {
      type: 'run-started',
      at: START,
      threads: 2,
      seed: 7,
      pools: [
        { id: 'shop', plan, rpsPerInstance: false },
        { id: 'api', plan: constPlan({ ops: 20, duration: 60e9 }), rpsPerInstance: false },
      ],
    },
    { type: 'pool-started', pool: 'shop', at: START },
    { type: 'pool-started', pool: 'api', at: START },
  ];
  for (let second = 0; second < until; second++) {
    const at = START + (second + 1) * 1000;
    const count = Math.min(60, 10 + Math.round(second * 2.5));
    const shots = Array.from({ length: count }, (_, i) => ({
      ms: 5 + ((i * 37 + second * 11) % 60) ** 1.4,
      fields: {
        tag: TAGS[i % 4] as string,
        protoCode: i % 20 === 19 ? 503 : 200,
        bytesIn: 1500,
        bytesOut: 120,
        ...(i % 33 === 32 ? { netCode: 110, errorName: 'timeout', protoCode: 0 } : {}),
      },
    }));
    const calls = Array.from({ length: 20 }, (_, i) => ({ ms: 2 + i / 10, fields: { tag: 'login', bytesIn: 300 } }));
    const threads = [0, 1].map((thread) => ({ thread, ended: count / 2, lateness: windowAt(0, []).lateness }));
    events.push(
      {
        type: 'window',
        pool: 'shop',
        at,
        window: windowAt(second, shots, { planned: count, started: count }),
        threads,
      },
      { type: 'window', pool: 'api', at, window: windowAt(second, calls, { planned: 20, started: 20 }) },
      { type: 'progress', pool: 'shop', at, progress: progress({ inFlight: 7, instances: 20, instancesGrown: 2 }) },
      { type: 'progress', pool: 'api', at, progress: progress({ inFlight: 1, instances: 5 }) },
      {
        type: 'process',
        at,
        reading: {
          ...{ spanMs: 1000, userMs: 210, systemMs: 90, rssBytes: 123_000_000, heapUsedBytes: 40_000_000 },
          ...{ gcPauseMs: 4, longestGcPauseMs: 1.5, openFiles: 44, openFilesLimit: 1024 },
        },
      },
      {
        type: 'thresholds',
        at,
        states: [
          {
            ...{ condition: 'p99(response) < 400ms', otherwise: 'fail', status: 'passes', violated: false },
            ...{ value: 301.2, limit: 400, unit: 'ms', margin: 0.247 },
          },
          {
            ...{ condition: 'errors < 1%', otherwise: 'warn', status: 'fails', violated: second > 10, pool: 'shop' },
            ...{ value: 6.4, limit: 1, unit: '%', margin: -5.4 },
          },
        ],
      },
    );
    if (second === 12) events.push({ type: 'annotation', at, text: 'cache cleared' });
  }
  return events;
}

export function shopView(until: number): RunView {
  const view = new RunView();
  for (const event of shopEvents(until)) view.add(event);
  view.add(commandAt(until, command.scaleBy(1.05), 'shop'));
  return view;
}

/** The same run on several machines: one is lost, one is silent. */
export function withWorkers(until: number, count: number): RunView {
  const view = shopView(until);
  const workers = Array.from({ length: count }, (_, i): WorkerState => {
    const phase = i === 3 ? 'lost' : i === 5 ? 'silent' : 'running';
    const clock = { clockOffsetMs: i * 1.5 - 4, clockUncertaintyMs: 0.21 };
    return { worker: `gen${i}-0a1b2${i}`, host: `gen${i}`, phase, shares: [i, i + count], cpu: 0.11 * i, ...clock };
  });
  view.add({ type: 'workers', at: START + until * 1000, workers });
  return view;
}
