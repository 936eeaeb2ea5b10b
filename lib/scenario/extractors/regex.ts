import type { Extractor } from './extractor.js';

/**
 * What an expression finds first in the body: its first group, or the whole match when it has none.
 *
 * @param group Number or name of another group.
 * @example
 * extract({ order: regex(/order (\d+)/) });
 */
export function regex(expression: RegExp, group?: number | string): Extractor<string> {
  const once = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
  return ({ text }) => {
    const match = once.exec(text);
    if (match === null) return undefined;
    if (typeof group === 'string') return match.groups?.[group];
    return match[group ?? Math.min(1, match.length - 1)];
  };
}
