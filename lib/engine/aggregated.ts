import {
  catchError,
  defer,
  EMPTY,
  filter,
  identity,
  type MonoTypeOperatorFunction,
  map,
  type OperatorFunction,
} from 'rxjs';
import { reportTo } from '../../operators/samples/reportTo.js';
import type { Aggregator, Report } from '../core/aggregator.js';
import type { NetSample } from '../protocols/netSample.js';
import { catchWithContext } from './catchWithContext.js';
import type { Pool } from './pool.js';

/** Passes on the samples that the aggregators receive. */
function written({ gunFactory }: Pick<Pool, 'gunFactory'>): MonoTypeOperatorFunction<NetSample> {
  return gunFactory.written === undefined ? identity : filter((sample) => gunFactory.written?.(sample) !== false);
}

/** Reports of several results of one name differ by the position of the result; threads merge them by it. */
function distinctReport(report: Report, { aggregators }: Pick<Pool, 'aggregators'>, position: number): Report {
  const alike = aggregators.filter(({ name }) => name === aggregators[position]?.name);
  return alike.length < 2 ? report : { ...report, from: `${report.from} (result[${position}])` };
}

/**
 * Reports the samples of a pool to all its aggregators. The error of one is passed to `failed`, with its name, and the
 * others receive the rest of the samples.
 */
export function aggregated(
  pool: Pick<Pool, 'aggregators' | 'gunFactory'>,
  failed: (error: unknown) => void,
): OperatorFunction<NetSample, Report> {
  const guarded = ({ name, aggregator }: Pool['aggregators'][number], position: number): Aggregator<NetSample> => {
    const fallback = { code: 'ELPIS_AGGREGATOR', what: `aggregator "${name}" failed` } as const;
    return (samples) =>
      defer(() => aggregator(samples)).pipe(
        map((report) => distinctReport(report, pool, position)),
        catchWithContext<Report>({ component: { kind: 'aggregator', name } }, fallback),
        catchError((error: unknown) => {
          failed(error);
          return EMPTY;
        }),
      );
  };
  return (samples) => samples.pipe(written(pool), reportTo(...pool.aggregators.map(guarded)));
}
