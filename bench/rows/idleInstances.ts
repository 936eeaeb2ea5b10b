import { readFileSync } from 'node:fs';
import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import { startIdleServer } from '../support/startIdleServer.js';
import type { Row } from './row.js';

/** 5 % more than are under way at once: without a reserve, no delay would be made up before the end of the run. */
const INSTANCES = 52_500;
const PER_SECOND = 5000;
const ANSWER_SECONDS = 10;
/** The first seconds open the connections, the others use them again. */
const SECONDS = 30;
/** Files of a process that are no connections. */
const OTHER_FILES = 600;
/** Linux searches longer for a free port when half of its 28,232 are in use. */
const CONNECTIONS_PER_PORT = 14_000;
const SERVER_CORE = 1;

interface Part {
  readonly shots: number;
  readonly failed: number;
  readonly openingP99: number;
  readonly latenessP50: number;
  readonly latenessP99: number;
  readonly slotWaitP99: number;
  readonly openFiles: number;
  readonly bytesPerBusy: number;
  readonly bytesPerIdle: number;
}

function openFilesAllowed(): number {
  try {
    const limit = /^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Many instances that wait for a slow server: whether the rate is that of the plan, and the memory per instance. */
export const idleInstances: Row = {
  name: 'idle-instances',
  title: '50,000 shots under way: 52,500 instances, 5,000 per second, answers after 10 s',
  run: async ({ say }) => {
    // A process with fewer files gets fewer instances, and there are more processes, all on the same core.
    const processes = Math.ceil(INSTANCES / (openFilesAllowed() - OTHER_FILES));
    const instances = Math.ceil(INSTANCES / processes);
    const ports = Math.ceil(instances / CONNECTIONS_PER_PORT);
    say(`idle-instances: ${processes} processes of ${instances} instances, ${ports} ports each`);
    const servers = await Promise.all(
      Array.from({ length: processes }, () => startIdleServer(SERVER_CORE, ports, ANSWER_SECONDS)),
    );
    try {
      const parts = await Promise.all(
        servers.map((server) =>
          runScript<Part>(
            'idleInstances',
            [instances, PER_SECOND / processes, SECONDS, ANSWER_SECONDS, ...server.ports],
            { limitSeconds: SECONDS + 90 },
          ),
        ),
      );
      const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
      const middle = (of: (part: Part) => number): number => median(parts.map(of));
      const connections = sum(({ openFiles }) => openFiles);
      say(
        `idle-instances: ${connections} files open, ${sum(({ failed }) => failed)} of ${sum(({ shots }) => shots)} failed`,
      );
      return [
        { name: 'processes', value: processes, unit: '' },
        { name: 'planned shots that were answered', value: shotsPart(parts), unit: '%' },
        {
          name: 'lateness p99 while connections are opened',
          value: middle(({ openingP99 }) => openingP99),
          unit: 'ms',
        },
        { name: 'lateness p50', value: middle(({ latenessP50 }) => latenessP50), unit: 'ms' },
        { name: 'lateness p99', value: middle(({ latenessP99 }) => latenessP99), unit: 'ms' },
        { name: 'wait for a free instance p99', value: middle(({ slotWaitP99 }) => slotWaitP99), unit: 'ms' },
        { name: 'memory per instance, shot under way', value: middle((part) => part.bytesPerBusy) / 1000, unit: 'kB' },
        { name: 'memory per idle instance', value: middle((part) => part.bytesPerIdle) / 1000, unit: 'kB' },
      ];
    } finally {
      for (const server of servers) server.stop();
    }
  },
};

function shotsPart(parts: readonly Part[]): number {
  const answered = parts.reduce((sum, { shots, failed }) => sum + shots - failed, 0);
  return (100 * answered) / (PER_SECOND * SECONDS);
}
