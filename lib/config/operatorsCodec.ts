import { listOf } from '../codec/listOf.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import type { PluginCodecs } from '../plugin/descriptor.js';

/** The key `operators` of a pool: at each point a list, in the order in which values pass. */
export function operatorsCodec({ operator }: Pick<PluginCodecs, 'operator'>) {
  return struct('operators', {
    ticks: optional(listOf(operator.ticks), [], 'between the schedule and the ammo: change or drop operations'),
    shots: optional(listOf(operator.shots), [], 'between the ammo and the instances: operations with their ammo'),
    samples: optional(listOf(operator.samples), [], 'between the instances and the results: change or drop samples'),
  });
}
