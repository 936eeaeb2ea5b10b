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
import type { PartCodecs, SinkPart } from '../plugin/part.js';
import { type ComponentTraits, filesUnder } from '../plugin/traits.js';

/** The key `close-timeout` of every format that writes to a sink. */
export const closeTimeoutField = optional(
  duration,
  30_000,
  'the time limit for the sink to write the rest and to close at the end; unwritten results fail the run; 0 = no limit',
);

/** The config keys of every format that needs a sink. */
export const sinkFields = ({ sink }: PartCodecs) => ({
  /** Where to write: a path, stdout, stderr, or a data sink. */
  sink: required(sink, 'where to write: a path, stdout, stderr, or a data sink'),
  /** How long a sample may wait to be written. */
  flushInterval: optional(duration, 1000, 'how long a sample may wait to be written'),
  /** Bytes buffered before they are written; more than 64kb is 64kb. */
  bufferSize: optional(byteSize, 512 * 1024, 'bytes buffered before they are written; more than 64kb is 64kb'),
  /** The most samples that wait for a slow sink. */
  sampleQueueSize: optional(atLeast(integer, 1), 131_072, 'the most samples that wait for a slow sink'),
  /** The time limit for the sink to write the rest and to close at the end; unwritten results fail the run; 0 = no limit. */
  closeTimeout: closeTimeoutField,
});

/** Options of every format that writes to a sink. */
export interface SinkOptions {
  readonly sink: DataSink;
  /** The longest time of a sample in a batch, in milliseconds; less than 1 means 1. Default 1000. */
  readonly flushMs?: Millis;
  /** Size of the buffer for lines in bytes, limited to 4 KiB to 64 KiB. Default 64 KiB. */
  readonly bufferSize?: Bytes;
  /** The most samples that wait for a slow sink; further ones are dropped and fail the run. */
  readonly sampleQueueSize?: number;
  /** The time limit for the sink to write the rest and to close after the last sample, in milliseconds; 0 = no limit. Default 30,000. */
  readonly closeMs?: Millis;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  readonly log?: Log;
}

/** The schema is that of a path, so a `${...}` reference is accepted. */
const written = (raw: unknown): unknown => (raw instanceof Reference ? raw.text : raw);

/** A data sink, where empty text is standard output. */
export function sinkOrStdout({ sink }: Pick<PartCodecs, 'sink'>): Codec<ConfiguredComponent<'sink'>, SinkPart> {
  const codec = new t.Type<ConfiguredComponent<'sink'>, SinkPart, unknown>(
    'a path, or a data sink',
    (raw): raw is ConfiguredComponent<'sink'> => sink.is(raw),
    (raw, context) => sink.validate(written(raw) === '' ? 'stdout' : written(raw), context),
    sink.encode,
  );
  return withSchema(codec, (schemaOf) => schemaOf(sink));
}

/** The traits that a format has from its sink. `key` is the key that names the sink. */
export function sinkTraits(sink: ConfiguredComponent<'sink'>, key = 'sink'): ComponentTraits['aggregator'] {
  return { stdout: sink.traits.stdout === true, ...filesUnder(key, sink) };
}

/**
 * Standard output as a sink. It is looked up when it is created, because a run may have another component of that
 * name.
 */
export function standardOutput({ sink }: Pick<PartCodecs, 'sink'>): ConfiguredComponent<'sink'> {
  return {
    kind: 'sink',
    name: 'stdout',
    options: {},
    create: (deps) => {
      const found = sink.decode('stdout');
      if (isLeft(found)) throw new ElpisError('ELPIS_PLUGIN', 'there is no data sink "stdout"');
      return found.right.create(deps);
    },
    describe: () => 'stdout',
    traits: { stdout: true },
  };
}
