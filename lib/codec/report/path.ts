import * as t from 'io-ts';

/** The way to a value in a document: keys as written, and indices of lists. */
export type Path = readonly (string | number)[];

/**
 * The path that an io-ts context describes, without keys that a short form implies, such as `nested` for a list of
 * schedules.
 */
export function pathOf(context: t.Context): Path {
  return context.slice(1).flatMap(({ key }, i): Path => {
    if (!Array.isArray(context[i]?.actual)) return [key];
    return /^\d+$/.test(key) ? [Number(key)] : [];
  });
}

/**
 * A path as text.
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

/** An io-ts context that leads along a path. */
export function contextOf(path: Path, value?: unknown): t.Context {
  const actual = (i: number): unknown => (i === path.length ? value : typeof path[i] === 'number' ? [] : {});
  return ['', ...path].map((key, i) => ({ key: String(key), type: t.unknown, actual: actual(i) }));
}
