import { defer, Observable, type SchedulerLike, Subject, Subscription } from 'rxjs';
import type { Log } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import { realTimeScheduler } from '../time/realTime.js';
import type { RunEvent, RunObserver } from './runEvent.js';
import type { RunHandle } from './runHandle.js';

/** How long the end of a run waits for observers that have not completed, such as one that writes a file. */
const GRACE_MS: Millis = 5000;

/** An observer and its name in messages. */
export interface NamedObserver {
  readonly name: string;
  readonly observer: RunObserver;
}

/** Options of {@link observed}. */
export interface ObservedDeps {
  readonly log: Pick<Log, 'error'>;
  /** The clock of the run, for the moments of events. */
  readonly scheduler: SchedulerLike;
  /** The handle that observers receive. */
  readonly handle: RunHandle;
  /** The clock of the time limit at the end. Default: real time, because observers use files and sockets. */
  readonly waits?: SchedulerLike;
}

/** The observers of one run. Each has its own subject, so that the failure of one does not affect the others. */
class Observing {
  readonly #open = new Map<Subject<RunEvent>, { readonly name: string; readonly subscription: Subscription }>();
  readonly #waiting: RunEvent[] = [];
  #sending = false;
  #onDone: (() => void) | undefined;

  constructor(
    private readonly destination: { next(event: RunEvent): void },
    private readonly deps: ObservedDeps,
  ) {}

  start(observers: readonly NamedObserver[]): void {
    for (const { name, observer } of observers) {
      const events = new Subject<RunEvent>();
      const subscription = new Subscription();
      this.#open.set(events, { name, subscription });
      subscription.add(
        defer(() => observer(events.asObservable(), this.deps.handle)).subscribe({
          error: (error: unknown) => this.#fail(events, error instanceof Error ? error.message : String(error)),
          complete: () => this.#close(events),
        }),
      );
    }
  }

  /**
   * Sends an event to all observers. An event that arrives during that is sent after it, so that all receive the same
   * order.
   */
  next(event: RunEvent): void {
    this.#waiting.push(event);
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      for (const events of [...this.#open.keys()]) events.next(next);
      this.destination.next(next);
    }
    this.#sending = false;
  }

  /** Completes the events. Calls back when all observers have completed, or at the time limit. */
  end(onDone: () => void): void {
    const { waits = realTimeScheduler } = this.deps;
    const timer = waits.schedule(() => {
      for (const events of [...this.#open.keys()]) {
        const message = `did not complete within ${GRACE_MS / 1000} s after the end of the run`;
        this.#open.get(events)?.subscription.unsubscribe();
        this.#fail(events, message);
      }
    }, GRACE_MS);
    this.#onDone = () => {
      timer.unsubscribe();
      onDone();
    };
    for (const events of [...this.#open.keys()]) events.complete();
    this.#doneIfAll();
  }

  #fail(events: Subject<RunEvent>, reason: string): void {
    const name = this.#open.get(events)?.name ?? '';
    const message = `observer "${name}": ${reason}`;
    this.deps.log.error(message, { observer: name });
    this.#open.delete(events);
    this.next({ type: 'observer-failed', at: this.deps.scheduler.now(), observer: name, message });
    this.#doneIfAll();
  }

  #close(events: Subject<RunEvent>): void {
    this.#open.delete(events);
    this.#doneIfAll();
  }

  #doneIfAll(): void {
    if (this.#open.size > 0) return;
    const onDone = this.#onDone;
    this.#onDone = undefined;
    onDone?.();
  }
}

/**
 * Sends the events of a run to observers. The events pass unchanged.
 *
 * - Observers are subscribed to before the run is.
 * - Their events complete when the run ends, fails, or is unsubscribed from. The run completes or fails when all
 *   observers have completed, after 5 seconds at most.
 * - An observer that throws, errors, or does not complete in time is reported: in the log, and as `observer-failed`.
 */
export function observed(
  events: Observable<RunEvent>,
  observers: readonly NamedObserver[],
  deps: ObservedDeps,
): Observable<RunEvent> {
  if (observers.length === 0) return events;
  return new Observable<RunEvent>((destination) => {
    const observing = new Observing(destination, deps);
    let ended = false;
    const end = (then: () => void): void => {
      ended = true;
      observing.end(then);
    };
    observing.start(observers);
    destination.add(() => {
      if (!ended) end(() => undefined);
    });
    destination.add(
      events.subscribe({
        next: (event) => observing.next(event),
        error: (error: unknown) => end(() => destination.error(error)),
        complete: () => end(() => destination.complete()),
      }),
    );
  });
}
