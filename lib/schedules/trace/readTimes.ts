import { ElpisError } from '../../core/errors.js';
import { accessTime } from './accessTime.js';
import { eachLine } from './eachLine.js';
import { phoutTime } from './phoutTime.js';
import { readCsv } from './readCsv.js';
import { TimeList } from './timeList.js';
import { traceError } from './traceError.js';
import type { TraceOptions } from './traceOptions.js';

const LINES = {
  access: { timeOf: accessTime, expected: 'a line of an access log, with a time such as [10/Oct/2000:13:55:36 -0700]' },
  phout: { timeOf: phoutTime, expected: 'a line of phout, with seconds such as 1700000000.250 and a tab at its start' },
} as const;

/**
 * The timestamps of a recorded trace.
 *
 * @throws ElpisError `ELPIS_SOURCE` with file and line when the file can't be read, a line holds no time, or there is none at all.
 */
export function readTimes({ file, format, column = 1, unit = 'auto' }: TraceOptions): TimeList {
  const times = new TimeList();
  if (format === 'csv') readCsv(file, column, unit, times);
  else {
    const { timeOf, expected } = LINES[format];
    eachLine(file, (line, number) => {
      const time = timeOf(line);
      if (time === undefined)
        throw traceError(`${file}:${number}`, line, expected, { hint: 'or choose another format' });
      times.add(time);
    });
  }
  if (times.size > 0) return times;
  throw new ElpisError('ELPIS_SOURCE', `${file}: holds no timestamps; expected at least one`);
}
