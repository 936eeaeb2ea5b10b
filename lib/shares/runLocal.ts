import { defer, type Observable } from 'rxjs';
import { builtins } from '../builtins/builtins.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { PlayedEvent } from '../engine/runEvent.js';
import { coordinate } from './coordinate.js';
import { startProcess } from './processes/startProcess.js';
import type { ShareLink } from './protocol.js';
import type { SharedRun } from './sharedRun.js';
import { startThread } from './threads/startThread.js';

/** Options of {@link runLocal}. */
export interface RunLocalOptions extends Omit<SharedRun, 'createSink' | 'deps' | 'noun' | 'workerOf'> {
  /** How many processes share the run; 1 for this one. Default 1. */
  readonly processes?: number;
  /** How many threads each process has. */
  readonly threads: number;
  readonly deps: Deps;
}

/** Starts all shares or none. */
function startAll(starts: readonly (() => readonly ShareLink[])[]): readonly ShareLink[] {
  const links: ShareLink[] = [];
  try {
    for (const start of starts) links.push(...start());
    return links;
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
}

const times = (count: number, start: () => readonly ShareLink[]): readonly (() => readonly ShareLink[])[] =>
  Array.from({ length: count }, () => start);

/**
 * Runs a config in several threads or processes of this machine, each with its share of operations, instances and ammo by the
 * stripe of their global index; the union of the shares is the run of one thread.
 *
 * @see {@link coordinate} for the behaviour when a share fails, is late or ends.
 */
export function runLocal({ processes = 1, threads, deps, ...run }: RunLocalOptions): Observable<PlayedEvent> {
  return defer(() => {
    const registry = builtins();
    const starts =
      processes > 1 ? times(processes, () => startProcess(threads)) : times(threads, () => [startThread()]);
    return coordinate(startAll(starts), {
      ...run,
      noun: processes > 1 ? 'share' : 'thread',
      ...(processes > 1 ? { workerOf: (share) => ({ worker: `process ${Math.floor(share / threads)}` }) } : {}),
      deps,
      createSink: (name, config) => {
        const sink = registry.find('sink', name);
        if (sink === undefined) throw new ElpisError('ELPIS_SINK', `there is no sink ${name}`);
        return sink.create(config, deps);
      },
    });
  });
}
