import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { checkArgument } from '../../core/argument.js';
import type { Metric } from '../../core/metric.js';
import { A_FLAG_PART, A_NUMBER_PART } from '../arguments.js';
import { plainName } from '../scenarioFailure.js';
import { type Part, partOf, type Session, type Vars } from '../session.js';
import { callUser } from '../userFunction.js';

/** A step that records a value and passes the session unchanged. */
function measure<V extends Vars, T>(
  kind: Metric['kind'],
  name: string,
  part: Part<V, T>,
  metricOf: (value: T) => Metric,
): MonoTypeOperatorFunction<Session<V>> {
  plainName(kind, name);
  checkArgument(
    `${kind} "${name}"`,
    kind === 'rate' ? 'passed' : 'value',
    part,
    kind === 'rate' ? A_FLAG_PART : A_NUMBER_PART,
  );
  return map((session) => {
    const value = callUser(session.scope, kind, name, () => partOf(part, session));
    session.scope.measure(metricOf(value), session.exchange);
    return session;
  });
}

/**
 * Adds to a counter of the run, such as orders or items.
 *
 * ```text
 * flow                           --s--------|
 * counter('orders')              --s--------|     orders: 1 more
 * ```
 *
 * - The summary shows the sum and how many values were added; windows, threads and machines add up exactly.
 * - A value that is negative or not a finite number is not added. The summary counts it as refused.
 *
 * @param name For the summary. The first 100 names of all metrics and checks of a thread are counted.
 * @param value The number to add. Default 1.
 * @throws ElpisError `ELPIS_CONFIG` for an empty name, or one with a slash or `|`.
 * @see gauge, rate, trend
 *
 * @example
 * declare const flow: Flow<{ items: readonly string[] }>;
 * flow.pipe(post('order', '/order'), counter('orders'), counter('items', ({ items }) => items.length));
 */
export function counter<V extends Vars>(
  name: string,
  value: Part<NoInfer<V>, number> = 1,
): MonoTypeOperatorFunction<Session<V>> {
  return measure('counter', name, value, (sum) => ({ kind: 'counter', name, value: sum }));
}

/**
 * Records a level, of which the last value is shown, such as the length of a queue.
 *
 * ```text
 * flow                           --s--------|     { depth: 12 }
 * gauge('queue', depth)          --s--------|     queue: 12
 * ```
 *
 * - The summary shows the last value by the time of its request, and the smallest and the largest.
 * - A value that is not a finite number is not recorded. The summary counts it as refused.
 *
 * @param name As of {@link counter}.
 * @throws ElpisError `ELPIS_CONFIG` for an empty name, or one with a slash or `|`.
 * @see counter, rate, trend
 *
 * @example
 * declare const flow: Flow<{ depth: string }>;
 * flow.pipe(gauge('queue', ({ depth }) => Number(depth)));
 */
export function gauge<V extends Vars>(
  name: string,
  value: Part<NoInfer<V>, number>,
): MonoTypeOperatorFunction<Session<V>> {
  return measure('gauge', name, value, (last) => ({ kind: 'gauge', name, value: last }));
}

/**
 * Records a condition, of which the share is shown, such as hits of a cache. Unlike {@link check}, it does not fail the
 * request.
 *
 * ```text
 * flow                           --s--------|     the response has x-cache: HIT
 * rate('cached', hit)            --s--------|     cached: 1 more of 1 more
 * ```
 *
 * @param name As of {@link counter}.
 * @param passed True when the condition holds.
 * @throws ElpisError `ELPIS_CONFIG` for an empty name, or one with a slash or `|`.
 * @see counter, gauge, trend
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(get('goods', '/goods'), rate('cached', (_, { response }) => response?.header('x-cache') === 'HIT'));
 */
export function rate<V extends Vars>(
  name: string,
  passed: Part<NoInfer<V>, boolean>,
): MonoTypeOperatorFunction<Session<V>> {
  return measure('rate', name, passed, (is) => ({ kind: 'rate', name, passed: is }));
}

/**
 * Records a number, of which the distribution is shown, such as the size of a basket, or a time that the target
 * reports.
 *
 * ```text
 * flow                           --s--------|     { took: 12.5 }
 * trend('database ms', took)     --s--------|     one value more
 * ```
 *
 * - The summary shows percentiles to 3 significant digits, and the exact mean and maximum.
 * - A value that is not a finite number is not recorded. The summary counts it as refused.
 *
 * @param name As of {@link counter}; it should contain the unit.
 * @throws ElpisError `ELPIS_CONFIG` for an empty name, or one with a slash or `|`.
 * @see counter, gauge, rate
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(
 *   get('goods', '/goods'),
 *   extract({ took: header('x-database-ms') }),
 *   trend('database ms', ({ took }) => Number(took)),
 * );
 */
export function trend<V extends Vars>(
  name: string,
  value: Part<NoInfer<V>, number>,
): MonoTypeOperatorFunction<Session<V>> {
  return measure('trend', name, value, (number) => ({ kind: 'trend', name, value: number }));
}
