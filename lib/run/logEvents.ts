import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import { percentile } from '../../operators/samples/percentile.js';
import type { Log } from '../core/deps.js';
import type { RunEvent } from '../engine/runEvent.js';

/** Writes the events of a run to its log at level `debug`: starts and ends with their counts, and a line per window. */
export function logEvents(log: Pick<Log, 'debug'>): MonoTypeOperatorFunction<RunEvent> {
  return tap((event) => {
    switch (event.type) {
      case 'run-started':
        log.debug('run started', { threads: event.threads, pools: event.pools.map(({ id }) => id) });
        break;
      case 'pool-started':
        log.debug('pool started', { pool: event.pool });
        break;
      case 'window': {
        const { window, pool } = event;
        const { ended, bad, failed, discarded, unfinished } = window.total;
        const counts = { planned: window.planned, started: window.started, ended, bad, failed, discarded, unfinished };
        const responseMs = { p50: percentile(window, 50), p99: percentile(window, 99) };
        log.debug('window', { pool, lengthMs: window.to - window.from, ...counts, responseMs });
        break;
      }
      case 'pool-stopped':
        log.debug('pool stopped by a condition', { pool: event.pool, reason: event.reason });
        break;
      case 'share-lost':
        log.debug('a share is lost', { pool: event.pool, share: event.share, missing: event.missing });
        break;
      case 'bad-ammo':
        log.debug('bad ammo', { pool: event.pool, kinds: event.kinds });
        break;
      case 'report':
        if (event.report.final) log.debug('result written', { pool: event.pool, ...event.report });
        break;
      case 'pool-finished':
        log.debug('pool finished', { pool: event.pool, ...event.progress });
        break;
      case 'run-finished':
        log.debug('run finished', { failure: event.failure ?? null });
        break;
    }
  });
}
