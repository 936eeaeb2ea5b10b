import { stringify } from 'csv-stringify/sync';
import type { EpochMs } from '../core/units.js';
import { histogramToJson } from '../measure/histogramJson.js';
import { influxLines } from './influxLines.js';
import { SERIES_NUMBERS, type SeriesRow } from './seriesRows.js';

/** A text format of time series: what comes before the rows, and the lines of each. */
export interface ExportFormat {
  /** @param start The start of the record. */
  readonly head: (start: EpochMs) => string;
  readonly rows: (rows: readonly SeriesRow[], start: EpochMs) => string;
}

const COLUMNS = ['from', 'to', 'pool', 'scope', 'tag', ...SERIES_NUMBERS];
const FORMULA = /^[=+\-@\t\r]/;

/** A text that a spreadsheet would run as a formula begins with an apostrophe. */
const cell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const csv: ExportFormat = {
  head: () => stringify([COLUMNS]),
  rows: (rows) =>
    stringify(
      rows.map(({ from, to, pool, scope, tag, numbers }) => [
        ...[from, to, cell(pool), scope, cell(tag)],
        ...SERIES_NUMBERS.map((name) => numbers[name]),
      ]),
    ),
};

const jsonl: ExportFormat = {
  head: () => '',
  rows: (rows) =>
    rows.map(({ numbers, response, service, ...names }) => `${JSON.stringify({ ...names, ...numbers })}\n`).join(''),
};

const influx: ExportFormat = { head: () => '', rows: (rows) => influxLines(rows) };

/** The tag of a line of an HdrHistogram log, which has no commas and no spaces. */
const hdrTag = ({ pool, scope, tag }: SeriesRow): string =>
  [pool, ...(scope === 'total' ? [] : [scope, tag])].map((part) => part.replaceAll(/[,\s/]+/g, '_')).join('/');

/** The log format of HdrHistogram, with the response or the service times. */
function hdr(times: 'response' | 'service'): ExportFormat {
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  return {
    head: (start) =>
      [
        '#[Histogram log format version 1.3]',
        `#[StartTime: ${seconds(start)} (seconds since epoch)]`,
        `#[Elpis: ${times} times in microseconds; maxima in milliseconds]`,
        '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
        '',
      ].join('\n'),
    rows: (rows, start) =>
      rows
        .flatMap((row) => {
          const json = histogramToJson(row[times]);
          if (json === null) return [];
          const max = (json.maxUs / 1000).toFixed(3);
          const [from, length] = [seconds(row.from - start), seconds(row.to - row.from)];
          return [`Tag=${hdrTag(row)},${from},${length},${max},${json.hdr}\n`];
        })
        .join(''),
  };
}

/** The formats of `elpis export`, by name. */
export const EXPORT_FORMATS = { csv, jsonl, influx, hdr: hdr('response'), 'hdr-service': hdr('service') } as const;
