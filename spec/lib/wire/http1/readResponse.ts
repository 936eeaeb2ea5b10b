import type { ResponseHeadCache } from '../../../../lib/wire/http1/parser/headCache.js';
import { ResponseParser } from '../../../../lib/wire/http1/parser/responseParser.js';

/** What a parser made of some bytes. */
export interface ReadResponse {
  state: 'done' | 'failed' | 'open';
  status: number;
  body: number;
  keep: boolean;
  reason: string;
  /** Bytes after the response. */
  left: number;
}

/** Feeds a parser with the pieces of a response. */
export function readResponse(
  pieces: readonly Uint8Array[],
  head = false,
  close = false,
  memo?: ResponseHeadCache,
): ReadResponse {
  const parser = new ResponseParser();
  parser.begin(head, memo);
  let left = 0;
  for (const piece of pieces) left += piece.length - parser.feed(piece, 0, piece.length);
  if (close) parser.finish();
  const state = parser.done ? 'done' : parser.failed ? 'failed' : 'open';
  const keep = parser.done && parser.keepAlive;
  return { state, status: parser.status, body: parser.bodyBytes, keep, reason: parser.reason, left };
}
