import { A_FUNCTION, checkArgument } from '../../core/argument.js';
import { defined } from '../../core/defined.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Vars } from '../session.js';
import { checkRows, type Feeder, type FeederOptions, type RowSource, readRows, rowsFeeder } from './rowsFeeder.js';

/** Options of {@link jsonFeeder}. */
export type JsonFeederOptions<Row extends Vars> = RowSource &
  FeederOptions & {
    /** A type guard for a row; the first row that it refuses is an error. */
    readonly is: (value: unknown) => value is Row;
  };

/**
 * Feeds sessions from a JSON array of objects. `is` must accept each. The whole source is read into memory at once.
 *
 * @throws ElpisError `ELPIS_SOURCE` when it cannot be read or a row is refused, `ELPIS_NO_AMMO` when it has no rows.
 *
 * @example
 * const isGood = (value: unknown): value is { id: number } => typeof Object(value).id === 'number';
 * const goods = jsonFeeder({ text: '[{ "id": 1 }, { "id": 2 }]', is: isGood, strategy: 'random' });
 */
export function jsonFeeder<Row extends Vars>(options: JsonFeederOptions<Row>): Feeder<Row> {
  checkRows('jsonFeeder', options);
  checkArgument('jsonFeeder', 'is', options.is, A_FUNCTION);
  const { name, text } = readRows(options);
  const refuse = (what: string, cause?: unknown): never => {
    const hint = 'expected an array of objects: [{ "user": "ann" }, ...]';
    throw new ElpisError('ELPIS_SOURCE', `feeder "${name}" ${what}`, {
      hint,
      ...defined({ cause }),
    });
  };
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch (cause) {
    refuse(`is not JSON: ${describeError(cause)}`, cause);
  }
  if (!Array.isArray(rows)) return refuse('is not an array');
  const bad = rows.findIndex((row) => typeof row !== 'object' || row === null || !options.is(row));
  if (bad >= 0) return refuse(`has a row that \`is\` refuses: ${JSON.stringify(rows[bad])} at index ${bad}`);
  return rowsFeeder(name, rows as Row[], options);
}
