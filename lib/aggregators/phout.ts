import { byteSize } from '../codec/byteSize.js';
import { duration } from '../codec/duration.js';
import { flag, integer } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import { SINKS } from '../data/dataParts.js';
import { micros } from '../measure/sampleTimes.js';
import { component } from '../plugin/component.js';
import type { NetSample } from '../protocols/netSample.js';
import { writeBytes, writeDigits, writeInteger, writeUint } from './encoding/digits.js';
import { EncodedBatch, type Encoder, NO_ROOM, TextCache } from './encoding/encodedBatch.js';
import { writeBatches } from './encoding/writeBatches.js';
import { beganAt, intervalReal, netCodeOf } from './sample/netTimes.js';
import { requireNetSample } from './sample/requireNetSample.js';
import { closeTimeoutField, type SinkOptions, sinkOrStdout, sinkTraits, standardOutput } from './sinkFields.js';

/** Enough for 12 numbers of up to 17 bytes, their separators and an id of any 64-bit size. */
const NUMBERS_ROOM = 256;
const TAB = 9;
const LF = 10;
const HASH = 35;
const ZERO = 48;
const DOT = 46;

function field(buffer: Uint8Array, offset: number, value: number): number {
  buffer[offset] = TAB;
  return writeUint(buffer, offset + 1, value);
}

/**
 * The phout line of a sample (Yandex.Tank's format, as Pandora writes it): 12 columns between TABs, LF at the end.
 *
 * `time tag interval_real connect_time send_time latency receive_time interval_event size_out size_in net_code proto_code`;
 * {@link phoutColumns} describes them.
 *
 * Time is Unix seconds with 3 digits; durations are whole microseconds; all numbers are truncated, not rounded. TAB,
 * CR and LF inside a tag, which would break the line, become a space. An id beyond 2^53 may be a bigint.
 *
 * @param options.id Append `#<id>` to every tag.
 */
export function phoutEncoder(options: { readonly id: boolean }): Encoder<NetSample> {
  const tags = new TextCache((tag) => tag.replaceAll(/[\t\r\n]/g, ' '));
  return (sample, buffer, offset) => {
    const tag = tags.bytes(sample.tag);
    if (buffer.length - offset < NUMBERS_ROOM + tag.length) return NO_ROOM;
    const wholeMs = Math.max(0, Math.floor(beganAt(sample)));
    const seconds = Math.floor(wholeMs / 1000);
    let at = writeUint(buffer, offset, seconds);
    buffer[at] = DOT;
    at = writeDigits(buffer, at + 1, wholeMs - seconds * 1000, 3);
    buffer[at] = TAB;
    at = writeBytes(buffer, at + 1, tag);
    if (options.id) {
      buffer[at] = HASH;
      at = writeInteger(buffer, at + 1, sample.id);
    }
    at = field(buffer, at, micros(intervalReal(sample)));
    at = field(buffer, at, micros(sample.connectTime));
    at = field(buffer, at, micros(sample.sendTime));
    at = field(buffer, at, micros(sample.latency));
    at = field(buffer, at, micros(sample.receiveTime));
    buffer[at] = TAB;
    buffer[at + 1] = ZERO;
    at = field(buffer, at + 2, sample.sizeOut);
    at = field(buffer, at, sample.sizeIn);
    at = field(buffer, at, netCodeOf(sample));
    at = field(buffer, at, sample.protoCode);
    buffer[at] = LF;
    return at + 1;
  };
}

/** Options of {@link writePhout}. */
export interface PhoutOptions extends SinkOptions {
  /** Append `#<id of the ammo>` to every tag. Default false. */
  readonly id?: boolean;
}

/**
 * Writes one phout line per sample; see {@link phoutEncoder} for the columns.
 *
 * @example
 * samples.pipe(writePhout({ sink: fileSink({ path: './phout.log' }), id: true }))
 */
export function writePhout(options: PhoutOptions): Aggregator<unknown> {
  const { id = false, bufferSize, sampleQueueSize = 262_144 } = options;
  return writeBatches<unknown>({
    ...options,
    from: 'phout',
    sampleQueueSize,
    batch: () => {
      const encode = phoutEncoder({ id });
      return new EncodedBatch(
        (sample, buffer, offset) => encode(requireNetSample(sample, 'phout'), buffer, offset),
        bufferSize,
      );
    },
  });
}

/** Pandora's result file. @example phout({ destination: './phout.log' }) */
export const phout = component({
  kind: 'aggregator',
  name: 'phout',
  summary: 'Writes one line per sample in the phout format of Yandex.Tank and Pandora.',
  example: { destination: './phout.log', id: true },
  parts: () => SINKS,
  options: (parts) =>
    struct('phout', {
      /** Path of the file; empty is standard output. */
      destination: optional(sinkOrStdout(parts), standardOutput(parts), 'path of the file; empty is standard output'),
      /** Append #<ammo id> to every tag. */
      id: optional(flag, false, 'append #<ammo id> to every tag'),
      /** Bytes buffered before they are written; more than 64kb is 64kb. */
      bufferSize: optional(byteSize, 8 * 1024 * 1024, 'bytes buffered before they are written; more than 64kb is 64kb'),
      /** The most samples that wait for a slow file. */
      sampleQueueSize: optional(integer, 262_144, 'the most samples that wait for a slow file'),
      /** How long a sample may wait to be written. */
      flushTime: optional(duration, 1000, 'how long a sample may wait to be written'),
      /** The time limit for the sink to write the rest and to close at the end; unwritten results fail the run; 0 = no limit. */
      closeTimeout: closeTimeoutField,
    }),
  create: ({ destination, id, bufferSize, sampleQueueSize, flushTime, closeTimeout }, deps) =>
    writePhout({
      sink: destination.create(deps),
      id,
      bufferSize,
      sampleQueueSize: Math.max(1, sampleQueueSize),
      flushMs: flushTime,
      closeMs: closeTimeout,
      scheduler: deps.scheduler,
      log: deps.log,
    }),
  describe: ({ destination }) => `phout to ${destination.describe()}`,
  traits: ({ destination }) => sinkTraits(destination, 'destination'),
});
