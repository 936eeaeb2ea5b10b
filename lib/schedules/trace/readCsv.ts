import { type InfoRecord, parse } from 'csv-parse/sync';
import { ElpisError, isElpisError } from '../../core/errors.js';
import { cellTime } from './cellTime.js';
import { fileBytes } from './fileBytes.js';
import type { TimeList } from './timeList.js';
import { traceError } from './traceError.js';
import type { TraceUnit } from './traceOptions.js';

const EXPECTED = 'a number such as 1700000000.25, or an ISO 8601 time such as 2024-05-01T12:00:00.25Z';

/** Which of the named columns of the first row it is, from 0. */
function columnNamed(name: string, row: readonly string[], file: string): number {
  const found = row.findIndex((cell) => cell.trim() === name);
  if (found >= 0) return found;
  const message = `${file}:1: there is no column ${JSON.stringify(name)}; expected one of ${row.join(', ')}`;
  throw new ElpisError('ELPIS_SOURCE', message, { hint: 'a column may also be given by its number, from 1' });
}

/**
 * Reads a column of times of a CSV file (RFC 4180; fields may also be parted by semicolons or tabs). A first row that holds no
 * time is taken for the names of the columns.
 *
 * @throws ElpisError `ELPIS_SOURCE` with file and line.
 */
export function readCsv(file: string, column: number | string, unit: TraceUnit, times: TimeList): void {
  const timeOf = cellTime(unit);
  let at = typeof column === 'number' ? column - 1 : undefined;
  let first = true;
  const visit = (row: readonly string[], { lines }: Pick<InfoRecord, 'lines'>): null => {
    const heading = first;
    first = false;
    if (at === undefined) {
      at = columnNamed(String(column), row, file);
      return null;
    }
    const cell = row[at] ?? '';
    const time = timeOf(cell);
    if (time !== undefined) times.add(time);
    else if (!heading) throw traceError(`${file}:${lines}`, cell, EXPECTED, { hint: `this is column ${at + 1}` });
    return null;
  };
  try {
    parse(Buffer.concat([...fileBytes(file)]), {
      bom: true,
      delimiter: [',', ';', '\t'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: visit,
    });
  } catch (cause) {
    if (isElpisError(cause)) throw cause;
    const { message, lines } = Object(cause) as { readonly message?: unknown; readonly lines?: unknown };
    throw new ElpisError('ELPIS_SOURCE', `${file}:${String(lines ?? 1)}: is not CSV: ${String(message)}`, { cause });
  }
}
