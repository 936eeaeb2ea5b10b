import { Observable, type Subscriber } from 'rxjs';

/**
 * Where values are put in and come out at every subscriber: a `Subject` reduced to what a fan-out needs, for it stands in
 * the way of every sample. A subscriber that comes after the completion completes at once.
 */
export class Inlet<T> {
  /** What is put in from now on. */
  readonly stream = new Observable<T>((subscriber) => {
    if (this.#complete) {
      subscriber.complete();
      return undefined;
    }
    // Replaced, not changed: a subscriber may leave while a value is handed round.
    this.#subscribers = [...this.#subscribers, subscriber];
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== subscriber);
    };
  });
  #subscribers: readonly Subscriber<T>[] = [];
  #complete = false;

  next(value: T): void {
    const subscribers = this.#subscribers;
    for (let i = 0; i < subscribers.length; i++) (subscribers[i] as Subscriber<T>).next(value);
  }

  complete(): void {
    this.#complete = true;
    for (const subscriber of this.#subscribers) subscriber.complete();
  }
}
