import { advised } from '../../codec/advice.js';
import { atLeast, checked } from '../../codec/bounds.js';
import { listOf, mapOf } from '../../codec/collections.js';
import type { IssueReason } from '../../codec/issue.js';
import { type Header, headers } from '../../codec/net.js';
import { flag, integer, text, unsigned } from '../../codec/scalars.js';
import { optional, type StructOf } from '../../codec/struct.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import type { PartCodecs } from '../../plugin/part.js';
import { type DataFileConfig, dataFileOptions } from '../templates/dataFile.js';
import { jsonIssue } from './httpJson.js';

/** Name of a format of HTTP ammo, as the `decoder` option spells it. */
export type HttpFormat = 'uri' | 'uripost' | 'raw' | 'jsonline';

/** A line of a uri file: Pandora accepts a path without a slash, which most servers refuse with status 400. */
const uriLine = advised(
  checked(text, () => true, text.name, 'bad-value'),
  (line) => {
    const [uri = ''] = String(line).trim().split(/\s/, 1);
    const plain = uri === '' || /^([/[*?]|[a-z][a-z\d+.-]*:\/\/|\$\{)/i.test(uri);
    return plain ? undefined : `a path begins with a slash; most servers refuse this request: write /${uri}`;
  },
);

const NO_SOURCE: ConfiguredComponent<'source'> | undefined = undefined;
const NO_TEXTS: readonly string[] = [];
const NO_HEADERS: readonly Header[] = [];
const NO_DATA: Readonly<Record<string, DataFileConfig>> = {};
const NO_MIDDLEWARES: readonly ConfiguredComponent<'middleware'>[] = [];

/** The config keys of every provider of HTTP ammo. */
export const httpFields = ({ source, middleware }: PartCodecs) => ({
  /** The source of the ammo: a path, stdin, a URL, or a data source. */
  file: optional(source, NO_SOURCE, 'the source of the ammo: a path, stdin, a URL, or a data source'),
  /** The lines of a uri file, instead of the file. */
  uris: optional(listOf(uriLine), NO_TEXTS, 'the lines of a uri file, instead of the file'),
  /** Headers of all requests, such as "[Name: value]". */
  headers: optional(headers, NO_HEADERS, 'headers of all requests, such as "[Name: value]"'),
  /** How many items are read; 0 for all. */
  limit: optional(unsigned, 0, 'how many items are read; 0 for all'),
  /** How many times the file is read; 0 for no limit. */
  passes: optional(unsigned, 0, 'how many times the file is read; 0 for no limit'),
  /** Only items with one of these tags. */
  chosenCases: optional(listOf(text), NO_TEXTS, 'only items with one of these tags', 'chosencases'),
  /** Read the whole file first, then repeat it from memory. */
  preload: optional(flag, false, 'read the whole file first, then repeat it from memory'),
  /** Change each request when it is taken. */
  middlewares: optional(listOf(middleware), NO_MIDDLEWARES, 'change each request when it is taken'),
  /** Longest item in bytes; 0 for the default of the format. */
  maxAmmoSize: optional(integer, 0, 'longest item in bytes; 0 for the default of the format', 'maxammosize'),
  /** Skip bad items, count and log them. */
  continueOnError: optional(flag, false, 'skip bad items, count and log them', 'continueonerror'),
  /** Fill in {{...}} in targets, header values and bodies. */
  templates: optional(flag, false, 'fill in {{...}} in targets, header values and bodies'),
  /** CSV files for {{NAME.COLUMN}}, by name; with one, templates is on. */
  data: optional(mapOf(dataFileOptions), NO_DATA, 'CSV files for {{NAME.COLUMN}}, by name; with one, templates is on'),
  /** How many items are decoded ahead. */
  ammoQueueSize: optional(atLeast(integer, 1), 8192, 'how many items are decoded ahead'),
});

/** The decoded options of a provider of HTTP ammo. */
export type HttpProviderConfig = StructOf<ReturnType<typeof httpFields>>;

/** The options for the source of the ammo. */
export interface HttpSourceOptions {
  readonly file: ConfiguredComponent<'source'> | undefined;
  readonly uris: readonly string[];
}

/**
 * The issue of the source of the ammo: exactly one of `file` and `uris` is needed, and `uris` only in the uri format.
 */
export function httpSourceIssue({ file, uris }: HttpSourceOptions, format: HttpFormat): IssueReason | undefined {
  if (uris.length > 0 && file !== undefined) {
    return { code: 'file-and-uris', expected: 'exactly one of file and uris', hint: 'remove one of them' };
  }
  if (uris.length > 0 && format !== 'uri') {
    return { code: 'bad-value', expected: 'a file; uris is for the uri format', hint: 'use file' };
  }
  if (file !== undefined) {
    const issue = format === 'jsonline' ? jsonIssue(file) : undefined;
    return issue && { ...issue, at: ['file'] };
  }
  if (uris.length > 0) return undefined;
  return { code: 'required', expected: format === 'uri' ? 'the key file or the key uris' : 'the key file' };
}
