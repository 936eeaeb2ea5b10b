import type { TextScanner } from './textScanner.js';

/** Reads `(name=value, ...)` in any order: each name at most once, each of `needed` at least once. */
export function readFields(
  scanner: TextScanner,
  readers: Readonly<Record<string, () => void>>,
  needed: readonly string[],
): void {
  const seen = new Set<string>();
  scanner.need('(');
  do {
    const name = scanner.peek();
    const reader = seen.has(name) ? undefined : readers[name];
    if (reader === undefined) {
      const left = Object.keys(readers).filter((key) => !seen.has(key));
      scanner.fail(left.length > 0 ? left.join(' or ') : '")"');
    }
    seen.add(scanner.word('a name'));
    scanner.need('=');
    reader();
  } while (scanner.skip(','));
  const missing = needed.find((name) => !seen.has(name));
  if (missing !== undefined) scanner.fail(`", ${missing}=..."`);
  scanner.need(')');
}
