import { checked } from '../codec/checked.js';
import { flag } from '../codec/flag.js';
import { listOf } from '../codec/listOf.js';
import { oneOf } from '../codec/oneOf.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { text } from '../codec/text.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { csv } from './csv.js';
import { sampleFields } from './sampleFields.js';
import { sinkFields } from './sinkFields.js';

const names = sampleFields.map((field) => field.name);
const column = oneOf(names);
const delimiter = checked(
  text,
  (value) => value.length > 0 && !/["\r\n]/.test(value),
  'a delimiter such as ; or a TAB',
  'bad-value',
);
const columns = checked(listOf(column), (list) => list.length > 0, 'a list of at least one column', 'min', {
  schema: { minItems: 1 },
});

/** The `csv` aggregator. */
export const csvAggregator = defineComponent({
  kind: 'aggregator',
  name: 'csv',
  summary: 'Writes one CSV record per sample.',
  codec: (plugins) => {
    const { sink, flushInterval, sampleQueueSize } = sinkFields(plugins);
    return struct('csv', {
      sink,
      flushInterval,
      sampleQueueSize,
      delimiter: optional(delimiter, ',', 'what stands between the columns'),
      header: optional(flag, true, 'begin with a line of column names'),
      columns: optional(columns, names, 'which columns, in order'),
    });
  },
  create: ({ sink, flushInterval, ...options }, deps) =>
    csv({
      ...options,
      // The shares of a run write to one file, which has one header.
      header: options.header && deps.share.index === 0,
      sink: sink.create(deps),
      flushMs: flushInterval / 1e6,
      scheduler: deps.scheduler,
      log: deps.log,
    }),
});
