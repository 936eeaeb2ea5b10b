import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { BadAmmoPolicy } from '../reading/ammoError.js';
import type { RequestTemplate, RequestTemplates } from '../templates/requestTemplates.js';
import { TEMPLATE_HINT } from '../templates/template.js';
import type { Header } from './headers.js';

/** The longest line of a uri file, and the longest line with a size: the limit of Pandora for uri files. */
export const MAX_LINE_SIZE: Bytes = 65_535;

/** Options of a decoder of HTTP ammo. */
export interface Decoding {
  /** Name of the source, for messages. */
  readonly name: string;
  /** The headers of the config. */
  readonly headers: readonly Header[];
  /** The longest item; 0: the default of the format. */
  readonly maxSize: Bytes;
  readonly troubles: BadAmmoPolicy;
  /** Fills in `{{...}}`; undefined when they are ordinary text. The first call reads the data files. */
  readonly templates?: (() => RequestTemplates) | undefined;
}

/** One decoded HTTP request. The request is shared by all passes, so that a gun can keep its encoded form. */
export interface HttpRow {
  readonly tag: string;
  readonly request: HttpRequest;
  /** Why it cannot be sent; undefined when it can be. */
  readonly problem: string | undefined;
  /** Makes the request of each ammo, for a row with templates. */
  readonly template?: RequestTemplate;
}

/** Adds a row, with its template when the request has expressions. @param line Of the item, for messages. */
export function pushRow(rows: HttpRow[], row: HttpRow, { name, templates, troubles }: Decoding, line: number): void {
  const template = templates?.().compile(row.request);
  if (template === undefined) rows.push(row);
  else if (typeof template === 'string') troubles.bad('bad-template', `${name}:${line}: ${template}`, TEMPLATE_HINT);
  else rows.push({ ...row, template });
}

const NOTHING = { method: '', target: '', path: '', host: '', headers: [], body: null, close: false, chunked: false };

/** A row for an item that is not a request. */
export function unusableRow(tag: string, problem: string): HttpRow {
  return { tag, request: NOTHING, problem };
}

const SIZE = /^[+-]?\d+$/;

/**
 * The number of bytes in a size field: a decimal integer, with an optional sign. Undefined when it is negative or not
 * a number.
 */
export function sizeOf(field: string): number | undefined {
  if (!SIZE.test(field)) return undefined;
  const size = Number(field);
  return size >= 0 && Number.isSafeInteger(size) ? size + 0 : undefined;
}
