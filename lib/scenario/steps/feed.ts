import { map, type OperatorFunction } from 'rxjs';
import type { Feeder } from '../feeders/rowsFeeder.js';
import type { Session, Vars } from '../session.js';
import { callUser } from '../userFunction.js';

/**
 * Gives a session the next row of a feeder as variables.
 *
 * ```text
 * flow            --s--------|     {}
 * feed(users)     --s--------|     { user, password }
 * ```
 *
 * - Which row comes next is counted per pool and run, not per instance, and shared out among threads; see {@link FeederStrategy}.
 * - An error of the feeder, such as rows that are used up, ends the run.
 *
 * @example
 * const users = csvFeeder({ text: 'user\nann\nbob\n', columns: ['user'] });
 * scenario('shop', (flow) => flow.pipe(feed(users), get('home', ({ user }) => `/home/${user}`)));
 */
export function feed<V extends Vars, Row extends Vars>(
  feeder: Feeder<Row>,
): OperatorFunction<Session<V>, Session<V & Row>> {
  return map((session) =>
    session.with(callUser(session.scope, 'feeder', feeder.name, () => feeder.take(session as Session<Vars>))),
  );
}
