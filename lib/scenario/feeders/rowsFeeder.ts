import { readFileSync } from 'node:fs';
import { A_FUNCTION, A_LIST, A_TEXT, AN_OBJECT, checkArgument, type Expectation } from '../../core/argument.js';
import { nthOfShare, type Random } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { seededRandom } from '../../time/seededRandom.js';
import type { RunContext } from '../context.js';
import type { Session, Vars } from '../session.js';

/** Returns one row of variables for a session at each call. */
export interface Feeder<Row extends Vars> {
  /** For messages. */
  readonly name: string;
  take(session: Session<Vars>): Row;
}

/**
 * The order of the rows.
 *
 * - `next`: in order, from the beginning again after the last. Thread k of n takes the rows k, k + n, k + 2n and so
 *   on, so when all threads take the same number, each row is used once before any is used twice.
 * - `shuffled`: as `next`, but each pass over the rows has its own order.
 * - `random`: a random row, by the seed of the run and the index of the scenario.
 * - `unique`: row i for the scenario start with the global index i: no two starts of a run get the same row, for any
 *   number of threads. When the rows are used up, the run ends with an error. It can be fed once in a scenario.
 */
export type FeederStrategy = 'next' | 'shuffled' | 'random' | 'unique';

/** Options of all feeders with rows. */
export interface FeederOptions {
  /** Default `next`. */
  readonly strategy?: FeederStrategy;
  /** Seed of the orders of `shuffled`. Default 1. */
  readonly seed?: number;
}

/** Spreads the numbers of passes over all seeds. */
const GOLDEN = 0x9e3779b1;

/** The order of the numbers below `length` for each pass, by Fisher and Yates. The last order is cached. */
function shuffledOrder(length: number, seed: number): (pass: number) => Uint32Array {
  let known = -1;
  const order = new Uint32Array(length);
  return (pass) => {
    if (pass === known) return order;
    known = pass;
    const random = seededRandom(seed ^ Math.imul(pass + 1, GOLDEN));
    for (let i = 0; i < length; i++) order[i] = i;
    for (let last = length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      const kept = order[last] as number;
      order[last] = order[other] as number;
      order[other] = kept;
    }
    return order;
  };
}

/** The number of rows that a pool has taken from a feeder, in this thread. */
interface Position {
  taken: number;
}

const positionOf = ({ shared }: RunContext, owner: object): Position => {
  const found = shared.get(owner) as Position | undefined;
  if (found !== undefined) return found;
  const position = { taken: 0 };
  shared.set(owner, position);
  return position;
};

/**
 * Feeds sessions from rows in memory; see {@link FeederStrategy} for their order.
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
  checkArgument('rowsFeeder', 'name', name, A_TEXT);
  checkArgument('rowsFeeder', 'rows', rows, A_LIST);
  const { length } = rows;
  if (length === 0) throw new ElpisError('ELPIS_NO_AMMO', `feeder "${name}" has no rows`);
  const orderOf = shuffledOrder(length, seed);
  const fed = new WeakSet<RunContext>();

  /** Each thread takes the positions of its share, so that together the threads take each position once. */
  const next = (run: RunContext, owner: object): number => {
    return nthOfShare(run.share, positionOf(run, owner).taken++);
  };
  const unique = (run: RunContext): number => {
    const { index } = run.shot;
    if (fed.has(run)) {
      const hint = 'feed it once, at the beginning, or use another strategy';
      throw new ElpisError('ELPIS_SHOT', `feeder "${name}" is unique, but is fed twice in one scenario`, { hint });
    }
    fed.add(run);
    if (index < length) return index;
    throw new ElpisError('ELPIS_NO_AMMO', `feeder "${name}": its ${length} rows are used up`, {
      hint: 'add rows, end the schedule earlier, or use the strategy next, which begins again',
    });
  };
  const feeder: Feeder<Row> = {
    name,
    take({ scope: { run } }: Session<Vars>): Row {
      if (strategy === 'random') return rows[Math.floor(run.random() * length)] as Row;
      if (strategy === 'unique') return rows[unique(run)] as Row;
      const position = next(run, feeder);
      if (strategy === 'next') return rows[position % length] as Row;
      return rows[orderOf(Math.floor(position / length))[position % length] as number] as Row;
    },
  };
  return feeder;
}

/** The source of the rows of a feeder: a file, which is read when the feeder is made, or text. */
export type RowSource = { readonly file: string | URL } | { readonly text: string };

const A_SOURCE: Expectation = {
  expected: 'an object with file or text',
  holds: (value) => {
    const { file, text } = Object(value) as { readonly file?: unknown; readonly text?: unknown };
    return AN_OBJECT.holds(value) && (file ?? text) !== undefined;
  },
  hint: "{ file: './users.csv' } or { text: 'user\\nann' }",
};

/** Checks where a feeder reads its rows. */
export function checkRows(feeder: string, options: RowSource): void {
  checkArgument(feeder, 'options', options, A_SOURCE);
}

/** The name and the text of a source. */
export function readRows(source: RowSource): { readonly name: string; readonly text: string } {
  if ('text' in source) return { name: 'text', text: source.text };
  const name = String(source.file);
  try {
    return { name, text: readFileSync(source.file, 'utf8') };
  } catch (cause) {
    const why = describeError(cause);
    throw new ElpisError('ELPIS_SOURCE', `feeder "${name}" cannot be read: ${why}`, {
      cause,
      hint: 'a path is relative to the working directory; new URL(path, import.meta.url) is relative to a module',
    });
  }
}

/**
 * Feeds sessions with generated rows.
 *
 * @param make Makes the row of a scenario start from its global index, which is unique in the run, over all threads.
 *   `random` depends on the seed of the run and that index.
 * @example
 * const orders = generatorFeeder((index, random) => ({ order: `order-${index}`, amount: 1 + Math.floor(random() * 5) }));
 */
export function generatorFeeder<Row extends Vars>(make: (index: number, random: Random) => Row): Feeder<Row> {
  checkArgument('generatorFeeder', 'make', make, A_FUNCTION);
  return { name: 'generator', take: ({ index, scope }) => make(index, scope.random) };
}
