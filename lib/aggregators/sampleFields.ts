import { micros, responseTime, serviceTime } from '../measure/sampleTimes.js';
import type { NetSample } from '../protocols/netSample.js';
import { beganAt, intervalReal, lateness, netCodeOf } from './sample/netTimes.js';

/** The tag that the HTTP guns give to an operation without one, for phout. */
const NO_TAG_IN_PHOUT = '__EMPTY__';

/** One column of a sample, for formats that name them. */
export type SampleField = {
  readonly name: string;
  /** Its description, with its unit. */
  readonly about: string;
} & (
  | { readonly kind: 'integer'; readonly read: (sample: NetSample) => number | bigint }
  | { readonly kind: 'text'; readonly read: (sample: NetSample) => string }
  /** Epoch microseconds, shown as Unix seconds with 6 digits. */
  | { readonly kind: 'moment'; readonly read: (sample: NetSample) => number }
);

type Column<T> = readonly [name: string, about: string, read: (sample: NetSample) => T];

const integer = (...[name, about, read]: Column<number | bigint>): SampleField => ({
  name,
  about,
  kind: 'integer',
  read,
});
const text = (...[name, about, read]: Column<string>): SampleField => ({ name, about, kind: 'text', read });
const moment = (...[name, about, read]: Column<number>): SampleField => ({ name, about, kind: 'moment', read });

/**
 * The columns of `jsonlines` and `csv`, in order: the 12 of phout under its names, then further ones.
 * Durations are whole microseconds (phout's too), moments Unix seconds with 6 digits, sizes bytes.
 */
export const sampleFields: readonly SampleField[] = [
  moment('time', 'start of the shot, Unix seconds', (sample) => micros(beganAt(sample))),
  text('tag', 'tag of the ammo, or of the path', ({ tag }) => (tag === NO_TAG_IN_PHOUT ? '' : tag)),
  integer('id', 'id of the ammo', (sample) => sample.id),
  integer('interval_real', 'µs from the start to the status, or to the last byte when the body is kept', (sample) =>
    micros(intervalReal(sample)),
  ),
  integer('connect_time', 'µs until the connection was open; 0 unless traced', (sample) => micros(sample.connectTime)),
  integer('send_time', 'µs until the request was written; 0 unless traced', (sample) => micros(sample.sendTime)),
  integer('latency', 'µs from the request written to the first byte; 0 unless traced', (sample) =>
    micros(sample.latency),
  ),
  integer('receive_time', 'µs from the first byte to the end of the headers; 0 unless traced', (sample) =>
    micros(sample.receiveTime),
  ),
  integer('interval_event', 'always 0', () => 0),
  integer('size_out', 'bytes of the request as dumped; 0 unless dumped', (sample) => sample.sizeOut),
  integer('size_in', 'bytes of the response as dumped; 0 unless dumped', (sample) => sample.sizeIn),
  integer('net_code', '0, or the number of the failure', netCodeOf),
  integer('proto_code', 'status of the response, 0 when there was none', (sample) => sample.protoCode),
  integer('index', 'index of the operation in the whole run, from 0', (sample) => sample.index),
  integer('instance', 'the instance that shot; -1 for none', (sample) => sample.instance),
  text('outcome', 'shot, discarded or unfinished', (sample) => sample.outcome),
  text('error', 'name of the failure, or empty', (sample) => sample.errorName),
  moment('intended', 'the intended moment, Unix seconds', (sample) => micros(sample.intended)),
  integer('response_us', 'µs from the intended moment to the end', (sample) => micros(responseTime(sample))),
  integer('service_us', 'µs from the start to the end', (sample) => micros(serviceTime(sample))),
  integer('slot_wait_us', 'µs without a free instance', (sample) => micros(sample.slotWait)),
  integer('lateness_us', 'µs by which the generator was late', (sample) => micros(lateness(sample))),
  integer('bytes_out', 'bytes sent on the wire', (sample) => sample.bytesOut),
  integer('bytes_in', 'bytes received on the wire', (sample) => sample.bytesIn),
  integer('retries', 'how often the request was sent again on a new connection', (sample) => sample.retries),
];

const PHOUT_COLUMNS = 13;

/** The columns of phout, in order. The id is not a column of its own there: it is appended to the tag when `id` is on. */
export const phoutColumns: readonly Pick<SampleField, 'name' | 'about'>[] = sampleFields
  .slice(0, PHOUT_COLUMNS)
  .filter(({ name }) => name !== 'id');
