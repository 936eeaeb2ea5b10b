import { Buffer, isUtf8 } from 'node:buffer';

function escaped(field: string): string {
  return field.replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The text of a line, trimmed. When it is not UTF-8 (another code page), the bytes beyond ASCII in its URI are
 * percent-encoded, so that they reach the target as they are; elsewhere they are decoded as well as they can be.
 *
 * @param uriField Which field of the line, separated by single spaces, is the URI, from 0.
 */
export function lineText(bytes: Buffer, uriField: number): string {
  if (isUtf8(bytes)) return bytes.toString().trim();
  const fields = bytes.toString('latin1').trim().split(' ');
  const isHeader = fields[0]?.startsWith('[') === true;
  return fields
    .map((field, i) => (i === uriField && !isHeader ? escaped(field) : Buffer.from(field, 'latin1').toString()))
    .join(' ');
}
