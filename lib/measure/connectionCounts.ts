import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from './histogram.js';

/** The phases of a connection and of its exchanges, in the order in which they follow each other. */
export const CONNECTION_PHASES = ['dns', 'connect', 'tls', 'wait', 'receive'] as const;

/**
 * A phase: `dns`, `connect` and `tls` have a time for each opened connection with that phase; `wait` (from the sending of a request
 * to the head of its response) and `receive` (from there to the end of the response) for each response.
 */
export type ConnectionPhase = (typeof CONNECTION_PHASES)[number];

/**
 * The connections of a span of time. All numbers are of events in the span, so they add up over time, threads and machines. The
 * connections that are open at a moment are those opened in all time before it, less those that ended.
 */
export interface ConnectionCounts {
  readonly opened: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Requests on a connection that had carried another one. */
  readonly reused: number;
  /** Closed by the target after a response or without a request, although the gun would have kept them. */
  readonly closedByTarget: number;
  readonly closedByGenerator: number;
  /** Broken or closed while they carried a request. */
  readonly broken: number;
  /** The times of each phase in µs; a phase that the gun does not know is empty. */
  readonly phases: Readonly<Record<ConnectionPhase, Histogram>>;
}

const noPhases = (): ConnectionCounts['phases'] => ({
  dns: EMPTY_HISTOGRAM,
  connect: EMPTY_HISTOGRAM,
  tls: EMPTY_HISTOGRAM,
  wait: EMPTY_HISTOGRAM,
  receive: EMPTY_HISTOGRAM,
});

/** No connection, as of guns without them. */
export const NO_CONNECTIONS: ConnectionCounts = {
  ...{ opened: 0, failed: 0, reused: 0, closedByTarget: 0, closedByGenerator: 0, broken: 0 },
  phases: noPhases(),
};

/** The same counts with the histogram of each phase replaced by that of `change`. */
export function withPhases(
  counts: ConnectionCounts,
  change: (histogram: Histogram, phase: ConnectionPhase) => Histogram,
): ConnectionCounts {
  const { dns, connect, tls, wait, receive } = counts.phases;
  const phases = {
    dns: change(dns, 'dns'),
    connect: change(connect, 'connect'),
    tls: change(tls, 'tls'),
    wait: change(wait, 'wait'),
    receive: change(receive, 'receive'),
  };
  return { ...counts, phases };
}

/** Merges the counts of two spans of time, or of two threads. Exact, like `mergeWindows`. */
export function mergeConnections(a: ConnectionCounts, b: ConnectionCounts): ConnectionCounts {
  if (a === NO_CONNECTIONS) return b;
  if (b === NO_CONNECTIONS) return a;
  const [of, and] = [a.phases, b.phases];
  return {
    opened: a.opened + b.opened,
    failed: a.failed + b.failed,
    reused: a.reused + b.reused,
    closedByTarget: a.closedByTarget + b.closedByTarget,
    closedByGenerator: a.closedByGenerator + b.closedByGenerator,
    broken: a.broken + b.broken,
    phases: {
      dns: mergeHistograms(of.dns, and.dns),
      connect: mergeHistograms(of.connect, and.connect),
      tls: mergeHistograms(of.tls, and.tls),
      wait: mergeHistograms(of.wait, and.wait),
      receive: mergeHistograms(of.receive, and.receive),
    },
  };
}

/** True when there was a connection, an attempt or a response. */
export function hasConnections(counts: ConnectionCounts): boolean {
  const { phases, ...numbers } = counts;
  return Object.values(numbers).some((count) => count > 0) || phases.wait.count > 0;
}

/** The connections that are open, by the counts of all time since the start of the run. */
export function openConnections({ opened, closedByTarget, closedByGenerator, broken }: ConnectionCounts): number {
  return opened - closedByTarget - closedByGenerator - broken;
}

/** The part of the requests, from 0 to 1, that did not wait for a connection to be opened; `null` without connections. */
export function reusedRatio({ opened, reused }: ConnectionCounts): number | null {
  return opened + reused === 0 ? null : reused / (opened + reused);
}
