import { type Buffer, isUtf8 } from 'node:buffer';
import { canonicalName } from './canonicalName.js';
import type { Header } from './header.js';
import { lineText } from './lineText.js';

/** The head of a message. */
export interface Head {
  readonly first: string;
  readonly headers: Header[];
  /** Offset of the first byte after the blank line. */
  readonly end: number;
}

const CRLF_CRLF = '\r\n\r\n';

/** Offset after the blank line that ends the head; lines may end in CR LF or LF. */
function endOf(bytes: Buffer): number {
  const crlf = bytes.indexOf(CRLF_CRLF);
  const limit = crlf < 0 ? bytes.length : crlf + 4;
  const head = bytes.subarray(0, limit);
  const bare = head.indexOf('\n\n');
  const mixed = head.indexOf('\n\r\n');
  const ends = [bare < 0 ? undefined : bare + 2, mixed < 0 ? undefined : mixed + 3].filter((end) => end !== undefined);
  return ends.length === 0 ? -1 : Math.min(...ends);
}

/** Reads the first line and the headers of a message, folded lines joined; or says what is wrong. */
export function parseHead(bytes: Buffer): Head | string {
  const end = endOf(bytes);
  if (end < 0) return 'there is no blank line after the headers';
  const lines = bytes.toString('utf8', 0, end).split('\n');
  const firstEnd = bytes.indexOf('\n');
  const plain = isUtf8(bytes.subarray(0, firstEnd));
  const first = plain ? (lines[0] as string).replace(/\r$/, '') : lineText(bytes.subarray(0, firstEnd), 1);
  const headers: Header[] = [];
  for (let i = 1; i < lines.length - 2; i++) {
    const line = lines[i] as string;
    const folded = line.startsWith(' ') || line.startsWith('\t');
    const last = headers.at(-1);
    if (folded && last === undefined) return 'the first header starts with a blank';
    if (folded && last !== undefined) {
      headers[headers.length - 1] = [last[0], `${last[1]} ${line.trim()}`.trim()];
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) return `the header line ${JSON.stringify(line.trim())} has no colon`;
    if (colon > 0) headers.push([canonicalName(line.slice(0, colon)), line.slice(colon + 1).trim()]);
  }
  return { first, headers, end };
}
