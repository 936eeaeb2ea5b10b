import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { defined } from '../../core/defined.js';
import type { ShareLink } from '../protocol.js';
import { workerLink } from './portLink.js';

/** What a thread gets from the thread that starts it. */
export interface ThreadData {
  /** The memory of a `SharedClock`, by which it plays its share. Default: the clock of this machine. */
  readonly clock?: SharedArrayBuffer;
  /** True: a config with modules is refused. Default false. */
  readonly noModules?: boolean;
}

/** Options of {@link startThread}. */
export interface StartThreadOptions extends ThreadData {
  /** The environment variables of the thread. Default: those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

function threadFile(): URL {
  const built = new URL('./threadWorker.js', import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL('./threadWorker.ts', import.meta.url);
}

/** Starts a thread that plays one share. Closing its link ends it. */
export function startThread({ clock, noModules, env }: StartThreadOptions = {}): ShareLink {
  const workerData: ThreadData = defined({ clock, noModules });
  return workerLink(new Worker(threadFile(), { workerData, ...(env === undefined ? {} : { env: { ...env } }) }));
}
