import type { Aggregator } from '../core/aggregator.js';
import { countSamples } from './countSamples.js';

/** Drops every sample on purpose; its report only counts them. */
export function discard(): Aggregator<unknown> {
  return countSamples('discard', () => {});
}
