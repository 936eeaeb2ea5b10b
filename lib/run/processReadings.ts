import { statSync } from 'node:fs';
import { Observable, type SchedulerLike } from 'rxjs';
import type { Millis } from '../core/units.js';
import { PROCESS_EVERY_MS, type ProcessReading } from '../measure/processReading.js';
import { systemLimits } from '../preflight/systemLimits.js';
import { watchGc } from '../time/gcPauses.js';

/** Linux since 6.2 has the number of open files as the size of this folder; earlier kernels have 0. Reading it costs no list. */
const OPEN_FILES = '/proc/self/fd';

function openFiles(): number | null {
  try {
    const { size } = statSync(OPEN_FILES);
    return size > 0 ? size : null;
  } catch {
    return null;
  }
}

/** The pauses of the garbage collector of this thread since the last call. */
class Pauses {
  #sum: Millis = 0;
  #longest: Millis = 0;
  readonly close = watchGc((ms) => {
    this.#sum += ms;
    this.#longest = Math.max(this.#longest, ms);
  });

  take(): Pick<ProcessReading, 'gcPauseMs' | 'longestGcPauseMs'> {
    const taken = { gcPauseMs: this.#sum, longestGcPauseMs: this.#longest };
    this.#sum = 0;
    this.#longest = 0;
    return taken;
  }
}

/**
 * Emits what this process uses, once a second: processor time over all threads, memory, pauses of the garbage collector of this
 * thread, open files, and steps of the clock of the machine. Unsubscribing stops it.
 *
 * @param scheduler A clock without steps.
 */
export function processReadings(scheduler: SchedulerLike): Observable<ProcessReading> {
  return new Observable<ProcessReading>((subscriber) => {
    const pauses = new Pauses();
    const limit = systemLimits().openFiles ?? null;
    let at = scheduler.now();
    let wall = Date.now();
    let used = process.cpuUsage();
    const read = (): ProcessReading => {
      const [now, wallNow, usedNow] = [scheduler.now(), Date.now(), process.cpuUsage()];
      const { rss, heapUsed } = process.memoryUsage();
      const reading = {
        spanMs: now - at,
        userMs: (usedNow.user - used.user) / 1000,
        systemMs: (usedNow.system - used.system) / 1000,
        rssBytes: rss,
        heapUsedBytes: heapUsed,
        ...pauses.take(),
        clockStepMs: wallNow - wall - (now - at),
        openFiles: openFiles(),
        openFilesLimit: limit,
      };
      [at, wall, used] = [now, wallNow, usedNow];
      return reading;
    };
    subscriber.add(
      scheduler.schedule<undefined>(function again() {
        subscriber.next(read());
        this.schedule(undefined, PROCESS_EVERY_MS);
      }, PROCESS_EVERY_MS),
    );
    subscriber.add(() => pauses.close());
  });
}
