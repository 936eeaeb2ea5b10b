import type * as t from 'io-ts';
import type { OperatorPoint } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { OperatorDescriptor, PluginCodecs } from '../plugin/descriptor.js';
import type { PointOperator } from './pool.js';

/** The second argument of {@link defineOperator}. */
export interface OperatorDefinition<P extends OperatorPoint, C> {
  /** Its name in a config and in messages. */
  readonly name: string;
  /** One sentence for `elpis plugins`. */
  readonly summary: string;
  /** The codec of its options. */
  readonly codec: (plugins: PluginCodecs) => t.Type<C, unknown, unknown>;
  /** Makes the operator, once per pool and thread. */
  readonly create: (options: C, deps: Deps) => PointOperator<P>;
}

/**
 * Describes an operator for one point of a pool, to be selected in a config by `type` (from a module under `plugins`) or
 * directly by `use: ./its-module.ts`. The types are checked against the point: an operator of ticks is not one of samples.
 *
 * ```text
 * rps -- ticks --> zipAmmo -- shots --> shoot -- samples --> reportTo
 * ```
 *
 * - `create` is called once per pool and thread. Its operator is applied once, or once per instance with `rps-per-instance`. So
 *   keep state inside the stream (`defer`, `scan`), not beside it. Applying the operator must only make a stream.
 * - Each thread runs its own operator over its share of the run: thread k of n has the ticks whose index is k, k + n, k + 2n and so
 *   on. What depends on `index` alone is the same for any number of threads; an operator that counts or keeps state sees a share
 *   only.
 * - At `ticks` and `shots`, `mapPulled` and `filterPulled` keep demand exact. An ordinary RxJS operator works too, but its stream
 *   is pushed: each value is emitted when it is due, and waits in a backlog of 65,536 while no instance is free (more end the run
 *   with `ELPIS_OVERFLOW`). At `shots` that means that ammo is drawn when a shot is due, not when an instance is free. An unlimited
 *   schedule exists by demand only, so the run rejects an operator that pushes it.
 * - `at` of ticks and shots MUST NOT decrease. Indexes SHOULD NOT change.
 * - At `samples`, discarded and unfinished operations pass too (see `outcome`). Change a copy (`sample.with({ tag })`), not the
 *   sample: other consumers may see the same object.
 * - An error ends the pool, after everything recorded has been flushed. Completion ends it too, without an error.
 *
 * @param at The point of the pool. It is the first argument, so that it decides the types in the second.
 * @example
 * export default defineOperator('ticks', {
 *   name: 'delay',
 *   summary: 'Moves every operation to a later time.',
 *   codec: () => struct('delay', { by: required(atLeastMs(0), 'how much later') }),
 *   create: ({ by }) => mapPulled((tick) => ({ ...tick, at: tick.at + by / 1e6 })),
 * });
 */
export function defineOperator<const P extends OperatorPoint, C>(
  at: P,
  { create, ...definition }: OperatorDefinition<P, C>,
): OperatorDescriptor<P, C> {
  return { ...definition, kind: 'operator', at, create: (options, deps) => ({ at, operator: create(options, deps) }) };
}
