import { atLeast } from '../codec/atLeast.js';
import { byteSize } from '../codec/byteSize.js';
import { duration } from '../codec/duration.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import type { PluginCodecs } from '../plugin/descriptor.js';

/** The config keys of every format that needs a sink. */
export const sinkFields = (plugins: PluginCodecs) => ({
  sink: required(plugins.sink, 'where to write: a path, stdout, stderr, or a data sink'),
  flushInterval: optional(duration, 1e9, 'how long a sample may wait to be written'),
  bufferSize: optional(byteSize, 512 * 1024, 'bytes gathered before they are written; over 64kb is 64kb'),
  sampleQueueSize: optional(atLeast(integer, 1), 131_072, 'most samples held while the sink is slower than they come'),
});
