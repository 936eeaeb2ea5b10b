import { micros, responseTime, serviceTime } from '../measure/sampleTimes.js';
import type { NetSample } from '../protocols/netSample.js';
import { beganAt, intervalReal, lateness, netCodeOf } from './sample/netTimes.js';

/** One column of a sample, for formats that name them. */
export type SampleField = { readonly name: string } & (
  | { readonly kind: 'integer'; readonly read: (sample: NetSample) => number | bigint }
  | { readonly kind: 'text'; readonly read: (sample: NetSample) => string }
  /** Epoch microseconds, shown as Unix seconds with 6 digits. */
  | { readonly kind: 'moment'; readonly read: (sample: NetSample) => number }
);

const integer = (name: string, read: (sample: NetSample) => number | bigint): SampleField => ({
  name,
  kind: 'integer',
  read,
});
const text = (name: string, read: (sample: NetSample) => string): SampleField => ({ name, kind: 'text', read });
const moment = (name: string, read: (sample: NetSample) => number): SampleField => ({ name, kind: 'moment', read });

/**
 * The columns of `jsonlines` and `csv`, in order: the 12 of phout under its names, then what phout has no place for.
 * Durations are whole microseconds (phout's too), moments Unix seconds with 6 digits, sizes bytes.
 *
 * | name | meaning |
 * | --- | --- |
 * | `time` | start of the shot |
 * | `tag`, `id` | tag and id of the ammo |
 * | `interval_real` ... `receive_time`, `interval_event` | as in phout |
 * | `size_out`, `size_in` | as in phout: 0 unless dumped |
 * | `net_code`, `proto_code` | as in phout |
 * | `index` | index of the operation in the whole run, from 0 |
 * | `instance` | which instance shot; -1 for none |
 * | `outcome` | `shot`, `discarded` or `unfinished` |
 * | `error` | name of the failure, or empty |
 * | `intended` | the moment that the schedule meant |
 * | `response_us` | end - intended |
 * | `service_us` | end - start |
 * | `slot_wait_us` | time without a free instance |
 * | `lateness_us` | the generator's own lateness |
 * | `bytes_out`, `bytes_in` | bytes on the wire, always counted |
 * | `retries` | how often the request was sent again on a new connection |
 */
export const sampleFields: readonly SampleField[] = [
  moment('time', (sample) => micros(beganAt(sample))),
  text('tag', (sample) => sample.tag),
  integer('id', (sample) => sample.id),
  integer('interval_real', (sample) => micros(intervalReal(sample))),
  integer('connect_time', (sample) => micros(sample.connectTime)),
  integer('send_time', (sample) => micros(sample.sendTime)),
  integer('latency', (sample) => micros(sample.latency)),
  integer('receive_time', (sample) => micros(sample.receiveTime)),
  integer('interval_event', () => 0),
  integer('size_out', (sample) => sample.sizeOut),
  integer('size_in', (sample) => sample.sizeIn),
  integer('net_code', netCodeOf),
  integer('proto_code', (sample) => sample.protoCode),
  integer('index', (sample) => sample.index),
  integer('instance', (sample) => sample.instance),
  text('outcome', (sample) => sample.outcome),
  text('error', (sample) => sample.errorName),
  moment('intended', (sample) => micros(sample.intended)),
  integer('response_us', (sample) => micros(responseTime(sample))),
  integer('service_us', (sample) => micros(serviceTime(sample))),
  integer('slot_wait_us', (sample) => micros(sample.slotWait)),
  integer('lateness_us', (sample) => micros(lateness(sample))),
  integer('bytes_out', (sample) => sample.bytesOut),
  integer('bytes_in', (sample) => sample.bytesIn),
  integer('retries', (sample) => sample.retries),
];
