import { canonicalName } from './canonicalName.js';
import type { Header } from './header.js';

/**
 * Reads `[Name: value]`, already trimmed. The value may be empty; blanks around name and value don't count.
 *
 * @returns undefined when it is no header line.
 * @example
 * parseHeaderLine('[x-api-key: 1]'); // ['X-Api-Key', '1']
 */
export function parseHeaderLine(line: string): Header | undefined {
  if (line.length < 3 || !line.startsWith('[') || !line.endsWith(']')) return undefined;
  const colon = line.indexOf(':');
  if (colon < 0) return undefined;
  const name = line.slice(1, colon).trim();
  return name === '' ? undefined : [canonicalName(name), line.slice(colon + 1, -1).trim()];
}
