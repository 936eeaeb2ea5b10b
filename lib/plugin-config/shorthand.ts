import { Substituted } from '../codec/substituted.js';
import type { ComponentKind } from '../core/component.js';

function sink(word: string): unknown {
  return word === 'stdout' || word === 'stderr' ? { type: word } : { type: 'file', path: word };
}

function source(word: string): unknown {
  if (word === 'stdin') return { type: 'stdin' };
  return /^https?:\/\//i.test(word) ? { type: 'url', url: word } : { type: 'file', path: word };
}

/**
 * Expands what may stand for a `{ type, ... }` map: a list for a composite schedule; a word for a sink (`stdout`, `stderr`,
 * else a path) or a source (`stdin`, a URL, else a path). Anything else is left as it is.
 *
 * @example
 * expandShorthand('sink', './phout.log'); // { type: 'file', path: './phout.log' }
 */
export function expandShorthand(kind: ComponentKind, raw: unknown): unknown {
  if (kind === 'schedule' && Array.isArray(raw)) return { type: 'composite', nested: raw };
  const word = raw instanceof Substituted ? raw.text : raw;
  if (kind === 'sink' && typeof word === 'string' && word !== '') return sink(word);
  if (kind === 'source' && typeof word === 'string' && word !== '') return source(word);
  return raw;
}
