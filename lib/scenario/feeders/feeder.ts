import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';

/** Gives a session its own data: one row of variables each time it is asked. */
export interface Feeder<Row extends Vars> {
  /** For messages. */
  readonly name: string;
  take(session: Session<Vars>): Row;
}
