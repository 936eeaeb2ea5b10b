import type { SeriesRow } from './seriesRow.js';

/** In a tag, commas, equal signs and blanks have a backslash; a line break would end the line. */
const escaped = (text: string): string => text.replace(/\r?\n|\r/g, ' ').replace(/[,= \\]/g, '\\$&');

/**
 * A row in InfluxDB's line protocol: the measurement `elpis`, tags `pool`, `scope` and `tag`, and the figures as fields; the timestamp is
 * in milliseconds. An empty tag is left out, because the protocol has none. Counts are integers (`12i`), times are floats in ms.
 */
export function influxLine(
  { at, pool, scope, tag, ...figures }: SeriesRow,
  tags: Readonly<Record<string, string>> = {},
): string {
  const all = Object.entries({ ...tags, pool, scope, tag }).filter(([, text]) => text !== '');
  const fields = Object.entries(figures).flatMap(([name, value]) =>
    value === null ? [] : [`${snake(name)}=${COUNTS.has(name) ? `${value}i` : value}`],
  );
  return `elpis,${all.map(([name, text]) => `${escaped(name)}=${escaped(text)}`).join(',')} ${fields.join(',')} ${Math.round(at)}\n`;
}

const COUNTS: ReadonlySet<string> = new Set<keyof SeriesRow>([
  ...([
    'planned',
    'started',
    'ended',
    'ok',
    'bad',
    'failed',
    'discarded',
    'unfinished',
    'bytesOut',
    'bytesIn',
  ] as const),
]);

/** The name of a column: `serviceP99` is `service_p99`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
