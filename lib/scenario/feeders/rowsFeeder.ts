import { ElpisError } from '../../core/errors.js';
import type { Production } from '../play/stage.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import type { Feeder } from './feeder.js';
import type { FeederOptions } from './feederStrategy.js';
import { shuffledOrder } from './shuffledOrder.js';

/** How many rows a pool has taken of a feeder, in this thread. */
interface Position {
  taken: number;
}

const positionOf = ({ shared }: Production, owner: object): Position => {
  const found = shared.get(owner) as Position | undefined;
  if (found !== undefined) return found;
  const position = { taken: 0 };
  shared.set(owner, position);
  return position;
};

/**
 * Feeds sessions from rows in memory; see {@link FeederStrategy} for which comes when.
 *
 * @param name For messages.
 * @throws ElpisError `ELPIS_NO_AMMO` for no rows.
 *
 * @example
 * const users = rowsFeeder('users', [{ user: 'ann' }, { user: 'bob' }], { strategy: 'shuffled' });
 * scenario('shop', (flow) => flow.pipe(feed(users), get('home', ({ user }) => `/home/${user}`)));
 */
export function rowsFeeder<Row extends Vars>(
  name: string,
  rows: readonly Row[],
  { strategy = 'next', seed = 1 }: FeederOptions = {},
): Feeder<Row> {
  const { length } = rows;
  if (length === 0) throw new ElpisError('ELPIS_NO_AMMO', `feeder "${name}" has no rows`);
  const orderOf = shuffledOrder(length, seed);
  const fed = new WeakSet<Production>();

  /** Threads take the positions of their stripe, so that together they take each once. */
  const next = (production: Production, owner: object): number => {
    const { index, of } = production.share;
    return positionOf(production, owner).taken++ * of + index;
  };
  const unique = (production: Production): number => {
    const { index } = production.shot;
    if (fed.has(production)) {
      const hint = 'feed it once, at the beginning, or use another strategy';
      throw new ElpisError('ELPIS_SHOT', `feeder "${name}" is unique, but is asked twice in one scenario`, { hint });
    }
    fed.add(production);
    if (index < length) return index;
    throw new ElpisError('ELPIS_NO_AMMO', `feeder "${name}": its ${length} rows are used up`, {
      hint: 'add rows, end the schedule earlier, or use the strategy next, which begins again',
    });
  };
  const feeder: Feeder<Row> = {
    name,
    take({ stage: { production } }: Session<Vars>): Row {
      if (strategy === 'random') return rows[Math.floor(production.random() * length)] as Row;
      if (strategy === 'unique') return rows[unique(production)] as Row;
      const position = next(production, feeder);
      if (strategy === 'next') return rows[position % length] as Row;
      return rows[orderOf(Math.floor(position / length))[position % length] as number] as Row;
    },
  };
  return feeder;
}
