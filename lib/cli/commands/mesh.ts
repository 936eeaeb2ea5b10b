import { hostname } from 'node:os';
import { version } from '../../config/version.js';
import { ElpisError } from '../../core/errors.js';
import type { Bus } from '../../mesh/bus.js';
import { packed } from '../../mesh/groupMessages.js';
import { type GroupState, groupState } from '../../mesh/groupState.js';
import { natsBus } from '../../mesh/nats/natsBus.js';
import { subjectsOf } from '../../mesh/subjects.js';
import { formatMs, formatRate } from '../../report/format.js';
import { realTimeScheduler } from '../../time/realTime.js';
import { argument, command, flag, requiredArgument } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { CONNECTING, natsOptions } from '../meshOptions.js';
import type { Io } from '../terminal.js';

/** Columns of equal width. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Rate, lateness, processor and clock of a worker that plays. */
function heartbeatCells(heartbeat: GroupState['workers'][number]['heartbeat']): readonly string[] {
  if (heartbeat === null) return ['-', '-', '-', '-'];
  const { perSecond, lateMs, cpu, offsetMs, uncertaintyMs } = heartbeat;
  return [
    perSecond === null ? '-' : formatRate(perSecond),
    lateMs === null ? '-' : `${formatMs(lateMs)} ms`,
    `${Math.round(cpu * 100)} %`,
    `${offsetMs.toFixed(2)} ms ± ${uncertaintyMs.toFixed(2)} ms`,
  ];
}

function statusText({ workers, runs }: GroupState, group: string): string {
  const workerRows = workers.map(({ worker, host, version: of, cpus, run, allow, heartbeat }) => [
    ...[worker, host, of, String(cpus), run === '' ? 'free' : `run ${run}`],
    ...heartbeatCells(heartbeat),
    allow.length === 0 ? '-' : allow.join(', '),
  ]);
  const runRows = runs.map(({ run, startedAt, workers: count, shares, state }) => [
    ...[run, state, String(count), String(shares), new Date(startedAt).toISOString()],
  ]);
  return [
    `group ${group}\n\n`,
    workers.length === 0
      ? 'no workers\n'
      : table([
          ['worker', 'host', 'version', 'cpus', 'state', 'rate', 'late p99', 'cpu', 'clock', 'allows'],
          ...workerRows,
        ]),
    '\n',
    runs.length === 0 ? 'no runs\n' : table([['run', 'state', 'workers', 'shares', 'started'], ...runRows]),
  ].join('');
}

async function stopRuns(
  bus: Bus,
  group: string,
  wanted: string | undefined,
  state: GroupState,
  io: Io,
): Promise<number> {
  const running = state.runs.filter(({ state: of, run }) => of !== 'left' && (wanted === undefined || run === wanted));
  if (running.length === 0) {
    const what = wanted === undefined ? 'no run has a coordinator' : `the run ${wanted} has no coordinator`;
    throw new ElpisError('ELPIS_MESH', `nothing is stopped: ${what}`, {
      hint: 'workers without a coordinator stop by themselves',
    });
  }
  for (const { run } of running) {
    bus.publish(subjectsOf(group).of(run).stop, packed({ type: 'stop' }));
    io.stdout.write(`run ${run} is asked to stop\n`);
  }
  return EXIT_CODES.ok;
}

/** `elpis mesh status|stop`: the workers and the runs of a group. */
export const meshCommand = command({
  name: 'mesh',
  describe: 'show the workers and the runs of a group of machines, or stop a run',
  options: {
    action: requiredArgument('status, or stop'),
    run: argument('the run to stop; by default all of the group'),
    ...CONNECTING,
    json: flag('print the state as JSON'),
  },
  run: async ({ action, run, json, ...options }, io) => {
    if (action !== 'status' && action !== 'stop')
      throw new ElpisError('ELPIS_USAGE', `action: expected status or stop, got ${JSON.stringify(action)}`);
    const nats = natsOptions(options, io, null);
    if (nats === undefined)
      throw new ElpisError('ELPIS_USAGE', 'the address of NATS is missing', { hint: 'add --mesh nats://host:4222' });
    const bus = await natsBus({ ...nats, name: `elpis mesh on ${hostname()}`, create: true });
    try {
      const { group } = nats;
      const state = await groupState(bus, { group, version: version(), scheduler: realTimeScheduler });
      if (action === 'stop') return await stopRuns(bus, group, run, state, io);
      io.stdout.write(json ? `${JSON.stringify(state)}\n` : statusText(state, group));
      return EXIT_CODES.ok;
    } finally {
      await bus.close();
    }
  },
});
