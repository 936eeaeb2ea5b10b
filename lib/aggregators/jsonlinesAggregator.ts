import { flag } from '../codec/flag.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { jsonlines } from './jsonlines.js';
import { sinkFields } from './sinkFields.js';

const named = <N extends string>(name: N, summary: string) =>
  defineComponent({
    kind: 'aggregator',
    name,
    summary,
    codec: (plugins) =>
      struct(name, {
        ...sinkFields(plugins),
        marshalFloatWith6Digits: optional(flag, false, 'round fractions to 6 digits', 'marshal-float-with-6-digits'),
        sortMapKeys: optional(flag, false, 'sort the keys of every object'),
      }),
    create: ({ sink, flushInterval, ...options }, deps) =>
      jsonlines({
        ...options,
        from: name,
        sink: sink.create(deps),
        flushMs: flushInterval / 1e6,
        scheduler: deps.scheduler,
        log: deps.log,
      }),
  });

/** The `jsonlines` aggregator. */
export const jsonlinesAggregator = named('jsonlines', 'Writes one JSON object per sample and line.');

/** The `json` aggregator: another name of `jsonlines`. */
export const jsonAggregator = named('json', 'The same as jsonlines.');
