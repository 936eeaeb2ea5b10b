import { map, type OperatorFunction } from 'rxjs';
import { checkArgument, withMethod } from '../../core/argument.js';
import type { Feeder } from '../feeders/rowsFeeder.js';
import type { Session, Vars } from '../session.js';
import { callUser } from '../userFunction.js';

const A_FEEDER = withMethod('take', 'a feeder', "such as csvFeeder({ file: './users.csv', columns: ['user'] })");

/**
 * Adds the next row of a feeder to the variables of a session.
 *
 * ```text
 * flow            --s--------|     {}
 * feed(users)     --s--------|     { user, password }
 * ```
 *
 * - The position in the rows belongs to the pool and the run, not to an instance, and is shared among threads; see
 *   {@link FeederStrategy}.
 * - An error of the feeder, such as rows that are used up, ends the run.
 *
 * @example
 * const users = csvFeeder({ text: 'user\nann\nbob\n', columns: ['user'] });
 * scenario('shop', (flow) => flow.pipe(feed(users), get('home', ({ user }) => `/home/${user}`)));
 */
export function feed<V extends Vars, Row extends Vars>(
  feeder: Feeder<Row>,
): OperatorFunction<Session<V>, Session<V & Row>> {
  checkArgument('feed', 'feeder', feeder, A_FEEDER);
  return map((session) =>
    session.with(callUser(session.scope, 'feeder', feeder.name, () => feeder.take(session as Session<Vars>))),
  );
}
