import type { Log } from '../../core/deps.js';
import type { NetFailure } from '../../protocols/netFailure.js';

/**
 * Warns of the first failure of each kind; the others are in the samples. A target that refuses everything would
 * otherwise make the log the busiest part of a run.
 */
export function failureLog(log: Log, target: string): (failure: NetFailure, error: unknown) => void {
  const seen = new Set<string>();
  return (failure, error) => {
    if (seen.has(failure.errorName)) return;
    seen.add(failure.errorName);
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(`shots at ${target} fail: ${failure.errorName}`, { reason, netCode: failure.netCode });
  };
}
