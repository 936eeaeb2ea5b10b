import { defer, type Observable } from 'rxjs';
import { builtins } from '../../builtins/builtins.js';
import type { Deps } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { PoolEvent } from '../../engine/runEvent.js';
import { coordinate } from '../coordinate.js';
import type { ShareLink } from '../protocol.js';
import type { SharedRun } from '../sharedRun.js';
import { startThread } from './startThread.js';

/** Options of {@link runThreads}. */
export interface RunThreadsOptions extends Omit<SharedRun, 'createSink' | 'deps' | 'noun'> {
  readonly threads: number;
  readonly deps: Deps;
}

/** Starts all threads or none. */
function startThreads(count: number): readonly ShareLink[] {
  const links: ShareLink[] = [];
  try {
    while (links.length < count) links.push(startThread());
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
  return links;
}

/**
 * Runs a config in several threads, each with its share of operations, instances and ammo by the stripe of their global
 * index; the union of the shares is the run of one thread.
 *
 * @see {@link coordinate} for the behaviour when a thread fails, is late or ends.
 */
export function runThreads({ threads, deps, ...run }: RunThreadsOptions): Observable<PoolEvent> {
  return defer(() => {
    const registry = builtins();
    return coordinate(startThreads(threads), {
      ...run,
      noun: 'thread',
      deps,
      createSink: (name, config) => {
        const sink = registry.find('sink', name);
        if (sink === undefined) throw new ElpisError('ELPIS_SINK', `there is no sink ${name}`);
        return sink.create(config, deps);
      },
    });
  });
}
