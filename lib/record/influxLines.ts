import { SERIES_NUMBERS, type SeriesRow } from './seriesRows.js';

/** A name or a value of a tag in InfluxDB's line protocol, where some characters are escaped and a line break cannot be written. */
const escaped = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[,= \\]/g, (found) => `\\${found}`);

/** Counts are integers of InfluxDB; rates and times are floats. */
const INTEGERS: ReadonlySet<string> = new Set(SERIES_NUMBERS.filter((name) => !/_ms$|_per_second$/.test(name)));

/**
 * Rows in InfluxDB's line protocol: the measurement `elpis`. An empty tag is left out, because the protocol has none.
 *
 * @param more Tags of every line.
 */
export function influxLines(rows: readonly SeriesRow[], more: Readonly<Record<string, string>> = {}): string {
  return rows
    .map(({ to, pool, scope, tag, numbers }) => {
      const tags = Object.entries({ ...more, pool, scope, tag }).filter(([, value]) => value !== '');
      const fields = Object.entries(numbers).filter(([, value]) => value !== null);
      const head = ['elpis', ...tags.map(([name, value]) => `${escaped(name)}=${escaped(value)}`)].join(',');
      const body = fields.map(([name, value]) => `${name}=${value}${INTEGERS.has(name) ? 'i' : ''}`).join(',');
      // Nanoseconds are beyond the exact integers of a number, so whole microseconds and three zeros are written.
      return `${head} ${body} ${Math.round(to * 1000)}000\n`;
    })
    .join('');
}
