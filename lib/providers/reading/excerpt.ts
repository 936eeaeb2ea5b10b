const LONGEST = 80;

/** Text for a message: quoted, its control characters visible, its middle left out when it is long. */
export function excerpt(text: string): string {
  if (text.length <= LONGEST) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, LONGEST - 20))}... (${text.length} characters)`;
}
