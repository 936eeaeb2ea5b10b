import { Buffer } from 'node:buffer';
import type { IssueReason } from '../../codec/issue.js';
import { describeError, excerpt } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import { canonicalName } from '../../protocols/headerName.js';
import { parseUrl, type RequestUrl, withoutEmptyPort } from '../../protocols/requestUrl.js';
import { JsonDecoder, withoutMark } from '../json/jsonDecoder.js';
import { JsonValues } from '../json/jsonValues.js';
import { ammoError } from '../reading/ammoError.js';
import { type Decoding, type HttpRow, pushRow } from './decoding.js';
import { type Header, withDefaultHeaders } from './headers.js';

/** The first bracket of a text in the http/json format, and its offset. */
export interface JsonStart {
  readonly kind: 'object' | 'list' | 'blank' | 'bad-json' | 'not-object-or-array';
  readonly at: number;
}

const SCALAR = /^(?:"|-?\d|true|false|null)/;

/** Classifies the first character that is not blank. */
function jsonStart(bytes: Buffer): JsonStart {
  let at = 0;
  while (at < bytes.length && ' \t\r\n'.includes(String.fromCharCode(bytes[at] as number))) at++;
  if (at === bytes.length) return { kind: 'blank', at };
  const text = bytes.toString('latin1', at, at + 5);
  if (text.startsWith('{')) return { kind: 'object', at };
  if (text.startsWith('[')) return { kind: 'list', at };
  return { kind: SCALAR.test(text) ? 'not-object-or-array' : 'bad-json', at };
}

/** The fields of one JSON object of the http/json format. */
interface HttpItem {
  host: string;
  method: string;
  uri: string;
  tag: string;
  body: string;
  headers: Header[];
}

function readHeaders(value: unknown, item: HttpItem): string | undefined {
  if (value === null) {
    item.headers = [];
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) return 'headers is not an object';
  const headers: Header[] = [...item.headers];
  let distinct = headers.length === 0;
  for (const [written, text] of Object.entries(value as Record<string, unknown>)) {
    if (typeof text !== 'string' && text !== null) return `the value of the header ${excerpt(written)} is not a text`;
    const name = canonicalName(written);
    if (name !== written) distinct = false;
    headers.push([name, text ?? '']);
  }
  // Only names that were changed, or those of another object, can repeat a name; the last value of a name applies.
  item.headers = distinct ? headers : [...new Map(headers)];
  return undefined;
}

/**
 * Reads the fields of an item, or returns its error. The case of names is ignored, unknown fields are ignored, and null
 * is the default.
 */
function readHttpItem(value: unknown): HttpItem | string {
  if (typeof value !== 'object' || Array.isArray(value)) return 'it is not an object';
  const item: HttpItem = { host: '', method: '', uri: '', tag: '', body: '', headers: [] };
  for (const key in value as Record<string, unknown>) {
    const field = (value as Record<string, unknown>)[key];
    const name = key in item ? key : key.toLowerCase();
    if (name === 'headers') {
      const problem = readHeaders(field, item);
      if (problem !== undefined) return problem;
    } else if (name === 'host' || name === 'method' || name === 'uri' || name === 'tag' || name === 'body') {
      if (typeof field === 'string') item[name] = field;
      else if (field !== null) return `${name} is not a text`;
    }
  }
  return item;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const PLAIN_HOST = /^[\dA-Za-z.-]*(?::\d+)?$/;
const NEWLINE = 10;
const EXPECTED = 'JSON objects, one after another or in one list';
/** How many first bytes of a source are examined, and how many of them a message shows. */
const PEEKED: Bytes = 48;
const MAX_EXCERPT: Bytes = 40;

function beginning(bytes: Buffer, at: number): string {
  return `it begins with ${excerpt(bytes.toString('utf8', at, at + MAX_EXCERPT))}`;
}

/** The URL `http://` + host + uri, literally. */
function urlOf(host: string, uri: string): RequestUrl | string {
  if (!uri.startsWith('/') || uri.startsWith('//') || !PLAIN_HOST.test(host)) {
    const url = parseUrl(`http://${host}${uri}`, 'reference');
    return typeof url === 'string' ? url : { ...url, host: withoutEmptyPort(url.host) };
  }
  const url = parseUrl(uri, 'reference');
  if (typeof url === 'string') return url;
  return host === '' ? url : { target: url.target, path: url.path, host };
}

/**
 * Decodes the `http/json` format: JSON objects with the fields host, method, uri, headers, tag and body, one after
 * another or in one list. Text after the list is ignored.
 */
export class HttpJsonDecoder extends JsonDecoder<HttpRow> {
  #started = false;
  /** The first bytes, until there are enough to classify them. */
  #head: Buffer = Buffer.alloc(0);

  constructor(protected override readonly decoding: Decoding) {
    super(decoding);
  }

  override push(chunk: Uint8Array, rows: HttpRow[]): void {
    if (this.#started) super.push(chunk, rows);
    else this.#begin(Buffer.concat([this.#head, chunk]), rows, false);
  }

  override end(rows: HttpRow[]): void {
    if (!this.#started) this.#begin(this.#head, rows, true);
    if (!this.#started) this.#refuse('empty-file', 'it is empty');
    super.end(rows);
  }

  /** Selects the reader for the first character that is not blank. */
  #begin(all: Buffer, rows: HttpRow[], last: boolean): void {
    const bytes = withoutMark(all) as Buffer;
    const start = jsonStart(bytes);
    this.#head = Buffer.alloc(0);
    if (start.kind === 'blank') {
      super.push(all, rows);
      return;
    }
    if (!last && bytes.length - start.at < PEEKED) {
      this.#head = all;
      return;
    }
    this.#started = true;
    if (start.kind === 'bad-json' || start.kind === 'not-object-or-array') {
      this.#refuse(start.kind, beginning(bytes, start.at));
    }
    if (start.kind === 'object') {
      super.push(all, rows);
      return;
    }
    const { scanner } = this.values;
    for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < start.at; at = bytes.indexOf(NEWLINE, at + 1)) scanner.line++;
    scanner.enterList();
    this.values.skip(all.length - bytes.length + start.at + 1);
    super.push(bytes.subarray(start.at + 1), rows);
  }

  #refuse(kind: 'empty-file' | 'bad-json' | 'not-object-or-array', message: string): never {
    throw ammoError(kind, `${this.decoding.name}: ${message}`, { hint: `expected ${EXPECTED}` });
  }

  protected row(value: unknown, text: Buffer, line: number, rows: HttpRow[]): boolean {
    const item = readHttpItem(value);
    if (typeof item === 'string') return this.badJson(text, line, item);
    const place = `${this.decoding.name}:${line}`;
    if (item.method !== '' && !TOKEN.test(item.method)) {
      this.decoding.troubles.bad('bad-method', `${place}: bad method ${excerpt(item.method)}`, 'such as GET or POST');
      return false;
    }
    const url = urlOf(item.host, item.uri);
    if (typeof url === 'string') {
      const written = excerpt(`http://${item.host}${item.uri}`);
      this.decoding.troubles.bad('bad-uri', `${place}: ${written} is not a URL`, url);
      return false;
    }
    pushRow(rows, this.#build(item, url), this.decoding, line);
    return true;
  }

  #build({ method, body, tag, headers: own }: HttpItem, url: RequestUrl): HttpRow {
    const { host, headers } = withDefaultHeaders(url.host, own, this.decoding.headers);
    const { path } = url;
    const target = method === 'CONNECT' && path === '' && host !== '' ? host : url.target;
    const bytes = body === '' ? null : Buffer.from(body);
    const verb = method === '' ? 'GET' : method;
    const request = { method: verb, target, path, host, headers, body: bytes, close: false, chunked: false };
    return { tag, request, problem: undefined };
  }
}

const START: Bytes = 64 * 1024;
/** A list of up to this size is checked completely together with the config. */
const LIST: Bytes = 64 * 1024 * 1024;

/** The first error in a list. In a list that was read in part, the missing end is no error. */
function listProblem(bytes: Buffer, start: number, whole: boolean): string | undefined {
  let problem: string | undefined;
  const found = (text: string, line: number): false => {
    problem ??= `line ${line}: ${text}`;
    return false;
  };
  const values = new JsonValues({
    maxSize: LIST,
    take: (text, line) => {
      try {
        const item = readHttpItem(JSON.parse(text.toString()));
        return typeof item === 'string' ? found(item, line) : true;
      } catch (error) {
        return found(describeError(error), line);
      }
    },
    refuse: (text, _value, line) => void found(text, line),
    tooLarge: () => undefined,
  });
  values.scanner.line += bytes.subarray(0, start).filter((byte) => byte === 10).length;
  values.scanner.enterList();
  values.push(bytes.subarray(start + 1));
  if (whole) values.end();
  return problem;
}

/**
 * The issue of a source of http/json ammo that can be found while the config is read: an empty source, a beginning that
 * is neither an object nor a list, or an invalid list.
 */
export function jsonIssue({ traits }: ConfiguredComponent<'source'>): IssueReason | undefined {
  const peek = traits.peek?.(START);
  if (peek === undefined) return undefined;
  const mark = peek.bytes.length - withoutMark(peek.bytes).length;
  const { kind, at: start } = jsonStart(peek.bytes.subarray(mark));
  const at = start + mark;
  if (kind === 'object') return undefined;
  if (kind === 'blank') {
    return peek.whole ? { code: 'empty-file', expected: EXPECTED, hint: 'it is empty' } : undefined;
  }
  if (kind !== 'list') return { code: kind, expected: EXPECTED, hint: beginning(peek.bytes, at) };
  const all = peek.whole ? peek : traits.peek?.(LIST);
  const problem = all === undefined ? undefined : listProblem(all.bytes, at, all.whole);
  return problem === undefined ? undefined : { code: 'bad-json', expected: EXPECTED, hint: problem };
}
