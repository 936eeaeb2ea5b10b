import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Figure, Row } from './row.js';

interface Opening {
  readonly seconds: number;
  /** Of the whole process, its start included. */
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

interface Day {
  readonly bytes: number;
  readonly windows: number;
  readonly show: readonly Opening[];
  readonly report: readonly Opening[];
  readonly reportBytes: number;
}

const HOURS = 24;
const TAGS = 50;

/** What the record of a day costs when it is opened. */
export const dayRecord: Row = {
  name: 'day-record',
  title: 'The record of a day: 24 hours of windows of a second, 50 tags of 20 operations each, opened by commands',
  run: async ({ rounds, say }) => {
    const limitSeconds = 230;
    const { bytes, windows, show, report, reportBytes } = await runScript<Day>(
      'dayRecord',
      [HOURS, TAGS, Math.max(3, rounds)],
      { limitSeconds },
    );
    say(`day-record: ${(bytes / 1e9).toFixed(2)} GB`);
    const of = (name: string, openings: readonly Opening[]): readonly Figure[] => [
      { name: `${name}: CPU`, value: median(openings.map(({ cpuSeconds }) => cpuSeconds)), unit: 's' },
      { name: `${name}: time`, value: median(openings.map(({ seconds }) => seconds)), unit: 's' },
      { name: `${name}: memory`, value: median(openings.map(({ rssMb }) => rssMb)), unit: 'MB' },
    ];
    return [
      { name: 'size', value: bytes / 1e9, unit: 'GB' },
      { name: 'size per window and tag', value: bytes / windows / TAGS, unit: 'B' },
      ...of('elpis show', show),
      ...of('elpis report', report),
      { name: 'size of the report', value: reportBytes / 1e6, unit: 'MB' },
    ];
  },
};
