import { Observable, type Subscriber, Subscription } from 'rxjs';
import type { Reel } from '../play/reel.js';
import type { Flow } from '../session/flow.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { playOut } from './playOut.js';

/** The turns of one session in a loop. Turns that need no time are taken one after another, not one inside another. */
class Turning<V extends Vars, Out extends V> {
  #turn = 0;
  #running = false;
  #again = false;
  #part = Subscription.EMPTY;

  constructor(
    private readonly reel: Reel<V, Out>,
    private session: Session<V>,
    private readonly more: (session: Session<V>, turn: number) => boolean,
    private readonly subscriber: Subscriber<Session<V>>,
  ) {
    subscriber.add(() => this.#part.unsubscribe());
  }

  run(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#again = false;
        this.#take();
      } while (this.#again && !this.subscriber.closed);
    } catch (error) {
      this.subscriber.error(error);
    } finally {
      this.#running = false;
    }
  }

  #take(): void {
    if (!this.more(this.session, this.#turn++)) {
      this.subscriber.next(this.session);
      this.subscriber.complete();
      return;
    }
    const part = playOut(this.reel.play(this.session), {
      over: (sessions) => {
        const last = sessions.at(-1);
        if (last === undefined) {
          this.subscriber.complete();
          return;
        }
        this.session = last;
        this.run();
      },
      failed: (error) => this.subscriber.error(error),
    });
    this.#part = part;
    if (this.subscriber.closed) part.unsubscribe();
  }
}

/**
 * Plays a step again and again, each turn with the session that the turn before left, while `more` says so. A turn that lets no
 * session out ends the flow there; of several, the last goes on.
 */
export function turns<V extends Vars, Out extends V>(
  reel: Reel<V, Out>,
  session: Session<V>,
  more: (session: Session<V>, turn: number) => boolean,
): Flow<V> {
  return new Observable((subscriber) => new Turning(reel, session, more, subscriber).run());
}
