import type * as t from 'io-ts';
import type { OperatorPoint } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { OperatorDescriptor, PluginCodecs } from '../plugin/descriptor.js';
import type { PointOperator } from './pool.js';

/** What {@link defineOperator} is told. */
export interface OperatorDefinition<P extends OperatorPoint, C> {
  /** Selects it in a config, and names it in messages. */
  readonly name: string;
  /** One sentence for `elpis plugins`. */
  readonly summary: string;
  /** Reads its options. */
  readonly codec: (plugins: PluginCodecs) => t.Type<C, unknown, unknown>;
  /** Makes the operator, once per pool and thread. */
  readonly create: (options: C, deps: Deps) => PointOperator<P>;
}

/**
 * Describes an operator for one point of a pool, to be selected in a config by `type` (from a module under `plugins`) or
 * directly by `use: ./its-module.ts`. The types are checked against the point: an operator of ticks is none of samples.
 *
 * ```text
 * rps -- ticks --> zipAmmo -- shots --> shoot -- samples --> reportTo
 * ```
 *
 * - `create` is called once per pool. Its operator is applied once, or once per instance with `rps-per-instance`, so what it
 *   remembers belongs inside the stream (`defer`, `scan`), not beside it; and applying it must do nothing but make a stream.
 * - Threads each run an operator of their own over their share of the run: thread k of n has the ticks whose index is k, k +
 *   n, k + 2n and so on. What depends on `index` alone is the same however many threads there are; what counts or remembers
 *   sees a share only.
 * - At `ticks` and `shots`, `mapPulled` and `filterPulled` keep demand exact. An ordinary RxJS operator works too, but its
 *   stream is pushed: each value comes when it is due, and those for which nobody is free wait in a backlog of 65,536 (more
 *   end the run with `ELPIS_OVERFLOW`). At `shots` that means that ammo is taken when a shot is due, not when an instance
 *   is free. An unlimited schedule exists by demand only, so the run refuses an operator that pushes it.
 * - `at` of ticks and shots MUST NOT decrease, and indexes should stay as they are.
 * - At `samples`, discarded and unfinished operations pass too (see `outcome`). Change a copy (`sample.with({ tag })`), not the
 *   sample: results outside the pool's own chain may see the same object.
 * - An error ends the pool, after all that was recorded is flushed. Completion ends it too, without an error.
 *
 * @param at Where it stands. The first argument, so that it decides the types in the second.
 * @example
 * export default defineOperator('ticks', {
 *   name: 'delay',
 *   summary: 'Shoots everything later.',
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
