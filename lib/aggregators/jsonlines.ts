import { flag } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import { SINKS } from '../data/dataParts.js';
import { component } from '../plugin/component.js';
import type { NetSample } from '../protocols/netSample.js';
import { writeBytes, writeDigits, writeInteger, writeUint } from './encoding/digits.js';
import { EncodedBatch, type Encoder, NO_ROOM, TextCache } from './encoding/encodedBatch.js';
import { writeBatches } from './encoding/writeBatches.js';
import { isNetSample } from './sample/requireNetSample.js';
import { sampleFields } from './sampleFields.js';
import { type SinkOptions, sinkFields, sinkTraits } from './sinkFields.js';

/** Options of the JSON format. */
interface JsonOptions {
  /** Sort the keys of every object. Default false: the order of {@link sampleFields}. */
  readonly sortMapKeys?: boolean;
  /**
   * Round fractions to 6 digits in samples that are not network samples. The times of network samples always have 6
   * digits. Default false.
   */
  readonly marshalFloatWith6Digits?: boolean;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line of JSON per sample of any shape: the result of `JSON.stringify`, which omits methods. */
function anyJsonEncoder({ sortMapKeys = false, marshalFloatWith6Digits = false }: JsonOptions = {}): Encoder<unknown> {
  const replace = (_key: string, value: unknown): unknown => {
    if (marshalFloatWith6Digits && typeof value === 'number' && !Number.isInteger(value))
      return Number(value.toFixed(6));
    if (typeof value === 'bigint') return value.toString();
    return sortMapKeys ? sorted(value) : value;
  };
  return (sample, buffer, offset) => {
    const line = `${JSON.stringify(sample, replace) ?? 'null'}\n`;
    if (Buffer.byteLength(line) > buffer.length - offset) return NO_ROOM;
    return offset + buffer.write(line, offset);
  };
}

const NUMBER_ROOM = 24;

/** One line of JSON per network sample, with the keys of {@link sampleFields}. */
export function jsonEncoder({ sortMapKeys = false }: JsonOptions = {}): Encoder<NetSample> {
  const fields = (sortMapKeys ? sampleFields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : sampleFields).map(
    (field, i) => ({
      ...field,
      key: Buffer.from(`${i === 0 ? '{' : ','}${JSON.stringify(field.name)}:`),
    }),
  );
  const room = fields.reduce((sum, { key }) => sum + key.length + NUMBER_ROOM, 2);
  const texts = new TextCache((text) => JSON.stringify(text));
  return (sample, buffer, offset) => {
    let left = buffer.length - offset - room;
    if (left < 0) return NO_ROOM;
    let at = offset;
    for (const field of fields) {
      at = writeBytes(buffer, at, field.key);
      if (field.kind === 'text') {
        const bytes = texts.bytes(field.read(sample));
        left -= bytes.length;
        if (left < 0) return NO_ROOM;
        at = writeBytes(buffer, at, bytes);
      } else if (field.kind === 'integer') {
        at = writeInteger(buffer, at, field.read(sample));
      } else {
        const epochMicros = field.read(sample);
        const seconds = Math.floor(epochMicros / 1e6);
        at = writeUint(buffer, at, seconds);
        buffer[at] = 46;
        at = writeDigits(buffer, at + 1, epochMicros - seconds * 1e6, 6);
      }
    }
    buffer[at] = 125;
    buffer[at + 1] = 10;
    return at + 2;
  };
}

/** Options of {@link writeJsonlines}. */
export interface JsonlinesOptions extends SinkOptions, JsonOptions {
  /** Name in reports. Default `jsonlines`. */
  readonly from?: string;
}

/**
 * Writes one JSON object per sample and line. A network sample has the keys of {@link sampleFields}; any other sample
 * is written unchanged.
 *
 * @example
 * samples.pipe(writeJsonlines({ sink: fileSink({ path: './samples.jsonl' }) }))
 */
export function writeJsonlines(options: JsonlinesOptions): Aggregator<unknown> {
  const { from = 'jsonlines', bufferSize, sampleQueueSize = 131_072 } = options;
  return writeBatches<unknown>({
    ...options,
    from,
    sampleQueueSize,
    batch: () => {
      const encode = jsonEncoder(options);
      const encodeAny = anyJsonEncoder(options);
      return new EncodedBatch<unknown>(
        (sample, buffer, offset) =>
          isNetSample(sample) ? encode(sample, buffer, offset) : encodeAny(sample, buffer, offset),
        bufferSize,
      );
    },
  });
}

const named = <N extends string>(name: N, summary: string) =>
  component({
    kind: 'aggregator',
    name,
    summary,
    example: { sink: './samples.jsonl' },
    parts: () => SINKS,
    options: (parts) =>
      struct(name, {
        ...sinkFields(parts),
        /** Round fractions to 6 digits. */
        marshalFloatWith6Digits: optional(flag, false, 'round fractions to 6 digits', 'marshal-float-with-6-digits'),
        /** Sort the keys of every object. */
        sortMapKeys: optional(flag, false, 'sort the keys of every object'),
      }),
    create: ({ sink, flushInterval, closeTimeout, ...options }, deps) =>
      writeJsonlines({
        ...options,
        from: name,
        sink: sink.create(deps),
        flushMs: flushInterval,
        closeMs: closeTimeout,
        scheduler: deps.scheduler,
        log: deps.log,
      }),
    describe: ({ sink }) => `${name} to ${sink.describe()}`,
    traits: ({ sink }) => sinkTraits(sink),
  });

/** A JSON object per sample. @example jsonlines({ sink: './samples.jsonl' }) */
export const jsonlines = named('jsonlines', 'Writes one JSON object per sample and line.');

/** The `json` aggregator: another name of `jsonlines`. @example json({ sink: './samples.jsonl' }) */
export const json = named('json', 'The same as jsonlines.');
