import type { Extractor } from './extractor.js';

/** The value of the first header of that name. @example extract({ next: header('location') }) */
export function header(name: string): Extractor<string> {
  return (response) => response.header(name);
}
