import type { Subscription } from 'rxjs';
import type { Flow } from '../session/flow.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';

/** What {@link playOut} tells. */
export interface PlayedOut<V extends Vars> {
  /** The part is over; these sessions came out, in order. */
  over(sessions: readonly Session<V>[]): void;
  failed(error: unknown): void;
}

/** Plays a part of a scenario to its end, and tells when it has let go of everything, so that it may be played again at once. */
export function playOut<V extends Vars>(flow: Flow<V>, told: PlayedOut<V>): Subscription {
  const sessions: Session<V>[] = [];
  let end: (() => void) | undefined;
  const playing = flow.subscribe({
    next: (session) => {
      sessions.push(session);
    },
    error: (error: unknown) => {
      end = () => told.failed(error);
    },
    complete: () => {
      end = () => told.over(sessions);
    },
  });
  playing.add(() => end?.());
  return playing;
}
