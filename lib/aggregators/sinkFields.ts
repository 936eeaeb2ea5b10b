import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { SchedulerLike } from 'rxjs';
import { atLeast } from '../codec/bounds.js';
import { byteSize } from '../codec/byteSize.js';
import { duration } from '../codec/duration.js';
import type { Codec } from '../codec/issue.js';
import { Reference } from '../codec/reference.js';
import { integer } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { optional, required } from '../codec/struct.js';
import type { DataSink } from '../core/data.js';
import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Bytes, Millis } from '../core/units.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import type { PluginCodecs } from '../plugin/descriptor.js';

/** The config keys of every format that needs a sink. */
export const sinkFields = (plugins: PluginCodecs) => ({
  sink: required(plugins.sink, 'where to write: a path, stdout, stderr, or a data sink'),
  flushInterval: optional(duration, 1e9, 'how long a sample may wait to be written'),
  bufferSize: optional(byteSize, 512 * 1024, 'bytes gathered before they are written; over 64kb is 64kb'),
  sampleQueueSize: optional(atLeast(integer, 1), 131_072, 'most samples held while the sink is slower than they come'),
});

/** Where and how samples are written, for every format that goes to a sink. */
export interface SinkOptions {
  readonly sink: DataSink;
  /** A sample waits at most this long before it is handed to the sink; less than 1 means 1. Default 1000. */
  readonly flushMs?: Millis;
  /** Size of the buffer that gathers lines, kept between 4 KiB and 64 KiB. Default 64 KiB. */
  readonly bufferSize?: Bytes;
  /** Most samples held while the sink is slower than they come; further ones are dropped and fail the run. */
  readonly sampleQueueSize?: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  readonly log?: Log;
}

/** It is a path in the first place, so a `${...}` reference may stand for it. */
const written = (raw: unknown): unknown => (raw instanceof Reference ? raw.text : raw);

/** A data sink, where empty text is standard output. */
export function sinkOrStdout(plugins: Pick<PluginCodecs, 'sink'>): Codec<ConfiguredComponent<'sink'>> {
  const codec = new t.Type<ConfiguredComponent<'sink'>, unknown, unknown>(
    'a path, or a data sink',
    (raw): raw is ConfiguredComponent<'sink'> => plugins.sink.is(raw),
    (raw, context) => plugins.sink.validate(written(raw) === '' ? 'stdout' : written(raw), context),
    t.identity,
  );
  return withSchema(codec, (schemaOf) => schemaOf(plugins.sink));
}

/** Standard output as a sink; it is looked up when it is made, since the codecs of plugins know each other. */
export function stdoutSink(plugins: Pick<PluginCodecs, 'sink'>): ConfiguredComponent<'sink'> {
  return {
    kind: 'sink',
    name: 'stdout',
    config: {},
    create: (deps) => {
      const chosen = plugins.sink.decode('stdout');
      if (isLeft(chosen)) throw new ElpisError('ELPIS_PLUGIN', 'there is no data sink "stdout"');
      return chosen.right.create(deps);
    },
  };
}
