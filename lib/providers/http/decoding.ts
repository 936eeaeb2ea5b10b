import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { BadAmmoPolicy } from '../reading/ammoError.js';
import type { Header } from './headers.js';

/** Longest line of a uri file, and longest line with a size: the limit of the original for uri files. */
export const LONGEST_LINE: Bytes = 65_535;

/** Options of a decoder of HTTP ammo. */
export interface Decoding {
  /** Name of the source, for messages. */
  readonly name: string;
  /** The headers of the config. */
  readonly headers: readonly Header[];
  /** Longest item; 0 for the default of the format. */
  readonly maxSize: Bytes;
  readonly troubles: BadAmmoPolicy;
}

/** One decoded HTTP request. The request is shared by all passes, so that a gun can keep its encoded form. */
export interface HttpRow {
  readonly tag: string;
  readonly request: HttpRequest;
  /** Why it cannot be sent; undefined when it can. */
  readonly problem: string | undefined;
}

const NOTHING = { method: '', target: '', path: '', host: '', headers: [], body: null, close: false, chunked: false };

/** A row that stands for an item that could not be turned into a request at all. */
export function unusableRow(tag: string, problem: string): HttpRow {
  return { tag, request: NOTHING, problem };
}

const SIZE = /^[+-]?\d+$/;

/** The number of bytes that a size field says: a decimal integer, a sign allowed. Undefined when it is none or negative. */
export function sizeOf(field: string): number | undefined {
  if (!SIZE.test(field)) return undefined;
  const size = Number(field);
  return size >= 0 && Number.isSafeInteger(size) ? size + 0 : undefined;
}
