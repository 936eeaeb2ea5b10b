import { defined } from '../core/defined.js';
import { CONNECTION_PHASES, type ConnectionCounts, type ConnectionPhase, NO_CONNECTIONS } from './connectionCounts.js';
import { type HistogramJson, histogramFromJson, histogramToJson } from './histogramJson.js';

/** {@link ConnectionCounts} as JSON, without numbers that are 0 and without empty phases. */
export interface ConnectionCountsJson {
  readonly opened?: number;
  readonly failed?: number;
  readonly reused?: number;
  readonly closedByTarget?: number;
  readonly closedByGenerator?: number;
  readonly broken?: number;
  readonly phases?: { readonly [P in ConnectionPhase]?: HistogramJson };
}

/** The counts as plain data; undefined without connections. */
export function connectionsToJson({ phases, ...numbers }: ConnectionCounts): ConnectionCountsJson | undefined {
  const counts = Object.entries(numbers).filter(([, count]) => count !== 0);
  const times = CONNECTION_PHASES.flatMap((phase) => {
    const json = histogramToJson(phases[phase]);
    return json === null ? [] : [[phase, json] as const];
  });
  if (counts.length === 0 && times.length === 0) return undefined;
  return {
    ...Object.fromEntries(counts),
    ...defined({ phases: times.length === 0 ? undefined : Object.fromEntries(times) }),
  };
}

/** The counts that {@link connectionsToJson} has written. */
export function connectionsFromJson(json: ConnectionCountsJson | undefined): ConnectionCounts {
  if (json === undefined) return NO_CONNECTIONS;
  const { phases = {}, ...counts } = json;
  return {
    ...NO_CONNECTIONS,
    ...counts,
    phases: {
      dns: histogramFromJson(phases.dns ?? null),
      connect: histogramFromJson(phases.connect ?? null),
      tls: histogramFromJson(phases.tls ?? null),
      wait: histogramFromJson(phases.wait ?? null),
      receive: histogramFromJson(phases.receive ?? null),
    },
  };
}
