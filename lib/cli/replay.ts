import { from, ignoreElements, lastValueFrom, type Observable, tap } from 'rxjs';
import { observed } from '../engine/observed.js';
import type { RunEvent, RunObserver } from '../engine/runEvent.js';
import { type RunHandle, RunSteering } from '../engine/runHandle.js';
import { realTimeScheduler } from '../time/realTime.js';

/**
 * Plays recorded events into observers. Resolves when these have completed, with the messages of those that failed.
 *
 * @param handle The handle that observers receive. Default: one without effect.
 */
export async function replayed(
  events: Observable<RunEvent> | readonly RunEvent[],
  observers: readonly RunObserver[],
  handle: RunHandle = new RunSteering(realTimeScheduler, false),
): Promise<readonly string[]> {
  const failures: string[] = [];
  const named = observers.map((observer, i) => ({ name: observer.name || `observer ${i + 1}`, observer }));
  const deps = { log: { error: () => undefined }, scheduler: realTimeScheduler, handle };
  const played = observed(from(events), named, deps).pipe(
    tap((event) => {
      if (event.type === 'observer-failed') failures.push(event.message);
    }),
    ignoreElements(),
  );
  await lastValueFrom(played, { defaultValue: undefined });
  return failures;
}
