import { Buffer, isUtf8 } from 'node:buffer';
import type { HttpRequest } from '../../protocols/http.js';
import { type DataFileConfig, DataRows } from './dataFile.js';
import {
  compileExpression,
  type KnownData,
  type ParsedTemplate,
  parseTemplate,
  type TemplateValues,
} from './template.js';

/** A request whose `{{...}}` are filled in for each ammo. */
export interface RequestTemplate {
  /** @param index Of the ammo in the whole run, from 0. @throws ElpisError when a data file has no row left for it. */
  render(index: number): HttpRequest;
}

/** Braces in a path, which are escaped when a target is read. */
const ESCAPED = /%7B%7B((?:(?!%7B%7B).)*?)%7D%7D/g;

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A name contains no bytes that are invalid UTF-8.
    return text;
  }
}

/** The first slot of the random values of each part of a request, so that all values differ. */
const [TARGET_SLOTS, HEADER_SLOTS, BODY_SLOTS] = [0, 0x1000, 0x8000] as const;

type Headers = HttpRequest['headers'];
type Text = (index: number) => string;

/** The data files and the seed of one provider, and the requests that use them. */
export class RequestTemplates {
  readonly #values: TemplateValues;
  readonly #known: KnownData;
  /** The headers that were compiled last; requests of a uri file share them. */
  #headers: { readonly of: Headers; readonly text: string | ((index: number) => Headers) | undefined } | undefined;

  /** Reads the data files. @throws ElpisError when one cannot be read or has no rows. */
  constructor(data: Readonly<Record<string, DataFileConfig>>, seed: number) {
    const rows = new Map(
      Object.entries(data).map(([name, config], i) => [name, new DataRows(name, config, seed, -1 - i)]),
    );
    this.#known = new Map([...rows].map(([name, { columns }]) => [name, columns]));
    this.#values = {
      seed,
      field: (name, column) => {
        const file = rows.get(name) as DataRows;
        const place = file.columns.indexOf(column);
        return (index) => file.field(index, place);
      },
    };
  }

  /** The template of a request; undefined when it has no expressions, or the error as text. */
  compile(request: HttpRequest): RequestTemplate | string | undefined {
    const { body: bytes } = request;
    const target = this.#target(request.target);
    const headers = this.#compiledHeaders(request.headers);
    const body = bytes === null || !isUtf8(bytes) ? undefined : this.#text(Buffer.from(bytes).toString(), BODY_SLOTS);
    for (const part of [target, headers, body]) if (typeof part === 'string') return part;
    if (target === undefined && headers === undefined && body === undefined) return undefined;
    const [makeTarget, makeHeaders, makeBody] = [target, headers, body] as readonly [
      Text?,
      ((index: number) => Headers)?,
      Text?,
    ];
    return {
      render: (index) => ({
        ...request,
        target: makeTarget === undefined ? request.target : makeTarget(index),
        headers: makeHeaders === undefined ? request.headers : makeHeaders(index),
        body: makeBody === undefined ? bytes : Buffer.from(makeBody(index)),
      }),
    };
  }

  /** Values in a target are escaped. Outside the query, the braces were escaped when the target was read. */
  #target(target: string): Text | string | undefined {
    if (!target.includes('{{') && !target.includes('%7B%7B')) return undefined;
    const written = target.replaceAll(ESCAPED, (_, inner: string) => `{{${unescaped(inner)}}}`);
    return this.#text(written, TARGET_SLOTS, encodeURIComponent);
  }

  #compiledHeaders(headers: Headers): ((index: number) => Headers) | string | undefined {
    if (this.#headers?.of !== headers) this.#headers = { of: headers, text: this.#headersOf(headers) };
    return this.#headers.text;
  }

  #headersOf(headers: Headers): ((index: number) => Headers) | string | undefined {
    const values: (Text | undefined)[] = [];
    for (const [i, [, value]] of headers.entries()) {
      const text = this.#text(value, HEADER_SLOTS + 16 * i);
      if (typeof text === 'string') return text;
      values.push(text);
    }
    if (values.every((value) => value === undefined)) return undefined;
    return (index) => headers.map(([name, value], i) => [name, values[i]?.(index) ?? value] as const);
  }

  #text(text: string, slot: number, encode?: (value: string) => string): Text | string | undefined {
    const parsed = parseTemplate(text, this.#known);
    return parsed === undefined || typeof parsed === 'string' ? parsed : this.#joined(parsed, slot, encode);
  }

  #joined(
    { texts, expressions }: ParsedTemplate,
    slot: number,
    encode: (value: string) => string = (value) => value,
  ): Text {
    const values = expressions.map((expression, i) => compileExpression(expression, slot + i, this.#values));
    const [first = '', ...others] = texts;
    return (index) => {
      let text = first;
      for (let i = 0; i < values.length; i++) text += encode((values[i] as Text)(index)) + (others[i] as string);
      return text;
    };
  }
}
