const ESCAPE = /%([\da-f]{2})/gi;

/** The bytes that a text with %XX stands for; every `%` must be a good escape. */
export function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (!text.includes('%')) return bytes;
  const escaped = bytes
    .toString('latin1')
    .replaceAll(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(escaped, 'latin1');
}
