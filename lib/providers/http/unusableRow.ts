import type { HttpRow } from './httpRow.js';

const NOTHING = { method: '', target: '', path: '', host: '', headers: [], body: null, close: false, chunked: false };

/** A row that stands for an item that could not be turned into a request at all. */
export function unusableRow(tag: string, problem: string): HttpRow {
  return { tag, request: NOTHING, problem };
}
