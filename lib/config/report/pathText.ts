import type { Path } from './pathOf.js';

/**
 * A path as a person writes it.
 *
 * @example
 * pathText(['pools', 0, 'gun', 'target']); // 'pools[0].gun.target'
 */
export function pathText(path: Path): string {
  const parts = path.map((part, i) => {
    if (typeof part === 'number') return `[${part}]`;
    const plain = /^[\w-]+$/.test(part);
    if (!plain) return `[${JSON.stringify(part)}]`;
    return i === 0 ? part : `.${part}`;
  });
  return parts.length === 0 ? 'top level' : parts.join('');
}
