import {
  CONNECTION_PHASES,
  type ConnectionCounts,
  type ConnectionPhase,
  hasConnections,
  openConnections,
  reusedRatio,
} from '../measure/connectionCounts.js';
import { type Distribution, distributionOf } from '../measure/histogram.js';
import { formatCount, formatMs, formatPercent } from './format.js';

/** The connections of a pool. */
export interface ConnectionsJson {
  readonly opened: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Requests on a connection that had carried another one, and their part of all requests, from 0 to 1. */
  readonly reused: number;
  readonly reusedRatio: number | null;
  readonly closedByTarget: number;
  readonly closedByGenerator: number;
  /** Broken or closed while they carried a request. */
  readonly broken: number;
  /** Open at the end of the last shot. */
  readonly open: number;
  /** The times of each phase in ms; a phase that is not known is absent. */
  readonly phasesMs: { readonly [P in ConnectionPhase]?: Omit<Distribution, 'bucketsUs'> };
}

/** The connections as plain data; undefined without connections. */
export function connectionsJson(counts: ConnectionCounts): ConnectionsJson | undefined {
  if (!hasConnections(counts)) return undefined;
  const { phases, ...numbers } = counts;
  const times = CONNECTION_PHASES.flatMap((phase) => {
    if (phases[phase].count === 0) return [];
    const { bucketsUs, ...figures } = distributionOf(phases[phase]);
    return [[phase, figures] as const];
  });
  return {
    ...numbers,
    reusedRatio: reusedRatio(counts),
    open: openConnections(counts),
    phasesMs: Object.fromEntries(times),
  };
}

/** The phases of opening a connection, by the names of the summary. */
const OPENING: readonly (readonly [ConnectionPhase, string])[] = [
  ['dns', 'DNS'],
  ['connect', 'connect'],
  ['tls', 'TLS'],
];

/** The connections of a run in one line, such as `50 opened, 99.8 % reused; p99 connect 0.4 ms`; undefined without any. */
export function connectionsText(counts: ConnectionCounts): string | undefined {
  const { opened, failed, reused, closedByTarget, broken, phases } = counts;
  if (opened === 0 && failed === 0) return undefined;
  const numbers = [
    `${formatCount(opened)} opened`,
    ...(opened === 0 ? [] : [`${formatPercent(reused, opened + reused)} reused`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} not opened`]),
    ...(closedByTarget === 0 ? [] : [`${formatCount(closedByTarget)} closed by the target`]),
    ...(broken === 0 ? [] : [`${formatCount(broken)} broken`]),
  ];
  const times = OPENING.flatMap(([phase, name]) =>
    phases[phase].count === 0 ? [] : [`${name} ${formatMs(distributionOf(phases[phase]).p99)}`],
  );
  return `${numbers.join(', ')}${times.length === 0 ? '' : `; p99 ms: ${times.join(', ')}`}`;
}
