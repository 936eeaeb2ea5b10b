import { atLeast } from '../codec/atLeast.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import { checked } from '../codec/checked.js';
import { existingFile } from '../codec/existingFile.js';
import { float } from '../codec/float.js';
import { integer } from '../codec/integer.js';
import { oneOf } from '../codec/oneOf.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { columnCodec } from './trace/columnCodec.js';
import { tracePlan } from './tracePlan.js';

const speed = checked(float, (value) => value > 0, 'a number above 0', 'min', { schema: { exclusiveMinimum: 0 } });

const config = struct('trace schedule', {
  file: required(existingFile, 'the recorded trace, gzipped or not'),
  format: required(oneOf(['access', 'phout', 'csv']), 'an access log (common or combined), phout, or a column of CSV'),
  column: optional(columnCodec, 1, 'for csv: the number of the column, from 1, or its name in the first row'),
  unit: optional(
    oneOf(['auto', 's', 'ms', 'us', 'ns']),
    'auto',
    'for csv: what numbers count; auto tells by the size of the first',
  ),
  speed: optional(speed, 1, 'how many times as fast'),
  passes: optional(atLeast(integer, 1), 1, 'how often it is played'),
  resolution: optional(
    atLeastMs(0),
    0,
    'operations with one timestamp are spread evenly over so long; 0 is 1s for access, none for others',
  ),
});

/** The `trace` schedule: operations when they were recorded. */
export const traceSchedule = defineComponent({
  kind: 'schedule',
  name: 'trace',
  summary: 'A recorded trace: an operation at each timestamp of a log.',
  codec: () => config,
  create: ({ resolution, ...options }, { log }) =>
    tracePlan({ ...options, log, ...(resolution === 0 ? {} : { resolutionMs: resolution / 1e6 }) }),
});
