/** True when a text is the expected one, or the expression finds itself in it. */
export function matches(text: string, expected: string | RegExp): boolean {
  if (typeof expected === 'string') return text === expected;
  expected.lastIndex = 0;
  return expected.test(text);
}
