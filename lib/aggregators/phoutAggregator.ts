import { byteSize } from '../codec/byteSize.js';
import { duration } from '../codec/duration.js';
import { flag } from '../codec/flag.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { phout } from './phout.js';
import { sinkOrStdout, stdoutSink } from './sinkOrStdout.js';

/** The `phout` aggregator. */
export const phoutAggregator = defineComponent({
  kind: 'aggregator',
  name: 'phout',
  summary: 'Writes one line per sample in the phout format of Yandex.Tank and Pandora.',
  codec: (plugins) =>
    struct('phout', {
      destination: optional(sinkOrStdout(plugins), stdoutSink(plugins), 'path of the file; empty is standard output'),
      id: optional(flag, false, 'append #<ammo id> to every tag'),
      bufferSize: optional(byteSize, 8 * 1024 * 1024, 'bytes gathered before they are written; over 64kb is 64kb'),
      sampleQueueSize: optional(integer, 262_144, 'most samples held while the file is slower than they come'),
      flushTime: optional(duration, 1e9, 'how long a sample may wait to be written'),
    }),
  create: ({ destination, id, bufferSize, sampleQueueSize, flushTime }, deps) =>
    phout({
      sink: destination.create(deps),
      id,
      bufferSize,
      sampleQueueSize: Math.max(1, sampleQueueSize),
      flushMs: flushTime / 1e6,
      scheduler: deps.scheduler,
      log: deps.log,
    }),
});
