import type { Extractor } from './extractor.js';

/** What an extractor finds, or this value. @example extract({ page: orElse(regex(/page=(\d+)/), '1') }) */
export function orElse<T, D>(extractor: Extractor<T>, value: D): Extractor<T | D> {
  return (response, session) => extractor(response, session) ?? value;
}
