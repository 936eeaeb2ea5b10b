/**
 * Text of lines that are not UTF-8 (another code page). The bytes of a URI beyond ASCII are percent-encoded, so that they
 * reach the target as they are; elsewhere they are decoded as well as they can.
 */
export function latin1Uris(bytes: Buffer): string {
  const lines = bytes.toString('latin1').split('\n');
  return lines
    .map((line) => {
      const start = line.length - line.trimStart().length;
      const space = line.indexOf(' ', start);
      const end = space < 0 ? line.length : space;
      if (line.charCodeAt(start) === 0x5b) return Buffer.from(line, 'latin1').toString();
      const uri = line
        .slice(0, end)
        .replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
      return uri + Buffer.from(line.slice(end), 'latin1').toString();
    })
    .join('\n');
}
