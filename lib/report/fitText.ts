/**
 * Makes a text safe for one line of a terminal: control characters become `?`, and what is beyond `width` an ellipsis.
 *
 * @example
 * fitText('abcdef', 4); // 'abc…'
 */
export function fitText(text: string, width: number): string {
  const safe = text.replaceAll(/\p{Cc}/gu, '?');
  return safe.length <= width ? safe : `${safe.slice(0, Math.max(0, width - 1))}…`;
}
