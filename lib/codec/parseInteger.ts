const WRITTEN = /^([+-]?)(0x(?:_?[\da-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+|0(?:_?[0-7])+|[1-9](?:_?\d)*|0)$/i;

/**
 * Reads a whole number as Go writes it (https://pkg.go.dev/strconv#ParseInt with base 0): decimal, 0x, 0o, 0b, or octal
 * with a leading 0, underscores between digits. Answers undefined for anything else and beyond 2^53.
 *
 * @example
 * parseInteger('0x1F'); // 31
 * parseInteger('1_000'); // 1000
 */
export function parseInteger(text: string): number | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] as string).replaceAll('_', '');
  const value = Number(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === '-' && value !== 0 ? -value : value;
}
