import { Buffer } from 'node:buffer';
import { advised } from '../../codec/advice.js';
import { atLeast, checked } from '../../codec/bounds.js';
import { listOf, mapOf } from '../../codec/collections.js';
import type { IssueReason } from '../../codec/issue.js';
import { type Header, headers } from '../../codec/net.js';
import { flag, integer, oneOf, text, unsigned } from '../../codec/scalars.js';
import { optional, refineStruct, required, type StructOf, struct } from '../../codec/struct.js';
import type { Middleware } from '../../core/component.js';
import type { DataSource } from '../../core/data.js';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { isElpisError } from '../../core/errors.js';
import { SOURCES } from '../../data/dataParts.js';
import type { AnyComponent } from '../../plugin/anyComponent.js';
import { component } from '../../plugin/component.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import type { PartCodecs } from '../../plugin/part.js';
import { type ComponentTraits, filesUnder } from '../../plugin/traits.js';
import type { HttpAmmo } from '../../protocols/http.js';
import { Pullable } from '../../pull/pullable.js';
import { AmmoCursor } from '../reading/ammoCursor.js';
import { BadAmmoPolicy } from '../reading/ammoError.js';
import { AmmoReader } from '../reading/ammoReader.js';
import type { BatchDecoder } from '../reading/batchDecoder.js';
import { type DataFileConfig, dataFileOptions } from '../templates/dataFile.js';
import { RequestTemplates } from '../templates/requestTemplates.js';
import { templateIssue, usesTemplates } from '../templates/templateIssue.js';
import { headerDate } from './dateHeader.js';
import type { Decoding, HttpRow } from './decoding.js';
import { canonicalHeader } from './headers.js';
import { HttpJsonDecoder, jsonIssue } from './httpJson.js';
import { RawDecoder } from './rawDecoder.js';
import { UriDecoder } from './uriDecoder.js';
import { UripostDecoder } from './uripostDecoder.js';

/** A line of a uri file: Pandora accepts a path without a slash, which most servers refuse with status 400. */
const uriLine = advised(
  checked(text, () => true, text.name, 'bad-value'),
  (line) => {
    const [uri = ''] = String(line).trim().split(/\s/, 1);
    const plain = uri === '' || /^([/[*?]|[a-z][a-z\d+.-]*:\/\/|\$\{)/i.test(uri);
    return plain ? undefined : `a path begins with a slash; most servers refuse this request: write /${uri}`;
  },
);

function plain({ tag, request, problem }: HttpRow, id: number): HttpAmmo {
  return problem === undefined
    ? { protocol: 'http', id, tag, request }
    : { protocol: 'http', id, tag, request, problem };
}

/** The same row with a request whose `{{...}}` are filled in. The id counts from 1, the index from 0. */
function filledIn(row: HttpRow, id: number): HttpAmmo {
  if (row.template === undefined || row.problem !== undefined) return plain(row, id);
  return { protocol: 'http', id, tag: row.tag, request: row.template.render(id - 1) };
}

/**
 * Makes the ammo of a row when it is taken, and passes it through the middlewares in order. When a middleware throws,
 * the ammo has a problem.
 */
function httpAmmoMaker(
  middlewares: readonly Middleware[],
  troubles: BadAmmoPolicy,
  make: (row: HttpRow, id: number) => HttpAmmo,
): (row: HttpRow, id: number) => HttpAmmo {
  if (middlewares.length === 0) return make;
  const apply = middlewares as readonly unknown[] as readonly ((ammo: HttpAmmo) => HttpAmmo)[];
  return (row, id) => {
    let ammo = make(row, id);
    if (row.problem !== undefined) return ammo;
    try {
      for (const middleware of apply) ammo = middleware(ammo);
    } catch (error) {
      const problem = isElpisError(error) ? error.message : `a middleware failed: ${describeError(error)}`;
      troubles.failed(problem, error);
      return { ...ammo, problem };
    }
    return ammo;
  };
}

const NO_SOURCE: ConfiguredComponent<'source'> | undefined = undefined;
const NO_TEXTS: readonly string[] = [];
const NO_HEADERS: readonly Header[] = [];
const NO_DATA: Readonly<Record<string, DataFileConfig>> = {};
const NO_MIDDLEWARES: readonly ConfiguredComponent<'middleware'>[] = [];

/** The config keys of every provider of HTTP ammo. */
const httpFields = ({ source, middleware }: PartCodecs) => ({
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

/** Name of a format of HTTP ammo, as the `decoder` option spells it. */
export type HttpFormat = 'uri' | 'uripost' | 'raw' | 'jsonline';

/** A decoder for one pass over each format. */
export const HTTP_FORMATS: Readonly<Record<HttpFormat, (decoding: Decoding) => BatchDecoder<HttpRow>>> = {
  uri: (decoding) => new UriDecoder(decoding),
  uripost: (decoding) => new UripostDecoder(decoding),
  raw: (decoding) => new RawDecoder(decoding),
  jsonline: (decoding) => new HttpJsonDecoder(decoding),
};

/** The decoded options of a provider of HTTP ammo. */
export type HttpProviderConfig = StructOf<ReturnType<typeof httpFields>>;

function linesSource(lines: readonly string[]): DataSource {
  const content = Buffer.from(lines.join('\n'));
  return {
    name: 'uris',
    rereadable: true,
    content,
    open: async function* () {
      yield content;
    },
  };
}

/** HTTP ammo in one of the formats, decoded in the background; endless or not, as configured. */
function httpProvider(format: HttpFormat, config: HttpProviderConfig, deps: Deps): Pullable<HttpAmmo> {
  const { limit, passes, chosenCases, preload, continueOnError, ammoQueueSize } = config;
  const { scheduler, log, share } = deps;
  const source = config.file?.create(deps) ?? linesSource(config.uris);
  const middlewares = config.middlewares.map((middleware) => middleware.create(deps));
  const filling = usesTemplates(config);
  // All shares draw the same seed here.
  const seed = filling ? Math.floor(deps.random() * 2 ** 32) : 0;
  const open = (): AmmoCursor<HttpRow, HttpAmmo> => {
    const reports = share.index === 0;
    const troubles = new BadAmmoPolicy({ name: source.name, tolerant: continueOnError, reports, log, scheduler });
    let templates: RequestTemplates | undefined;
    const decoding: Decoding = {
      name: source.name,
      headers: config.headers.map(canonicalHeader),
      maxSize: Math.max(0, config.maxAmmoSize),
      troubles,
      templates: filling ? () => (templates ??= new RequestTemplates(config.data, seed)) : undefined,
    };
    const emptyPassAllowed = format !== 'jsonline';
    const decoder = () => HTTP_FORMATS[format](decoding);
    const reading = new AmmoReader({
      source,
      decoder,
      limit,
      passes,
      chosenCases,
      preload,
      emptyPassAllowed,
      share,
      log,
      troubles,
    });
    const make = httpAmmoMaker(middlewares, troubles, filling ? filledIn : plain);
    return new AmmoCursor(reading, { make, queueSize: ammoQueueSize });
  };
  return new Pullable(open, { scheduler });
}

/** The options for the source of the ammo. */
export interface HttpSourceOptions {
  readonly file: ConfiguredComponent<'source'> | undefined;
  readonly uris: readonly string[];
}

/**
 * The issue of the source of the ammo: exactly one of `file` and `uris` is needed, and `uris` only in the uri format.
 */
function httpSourceIssue({ file, uris }: HttpSourceOptions, format: HttpFormat): IssueReason | undefined {
  if (uris.length > 0 && file !== undefined) {
    return { code: 'file-and-uris', expected: 'exactly one of file and uris', hint: 'remove one of them' };
  }
  if (uris.length > 0 && format !== 'uri') {
    return { code: 'bad-value', expected: 'a file; uris is for the uri format', hint: 'use file' };
  }
  if (file !== undefined) return format === 'jsonline' ? jsonIssue(file) : undefined;
  if (uris.length > 0) return undefined;
  return { code: 'required', expected: format === 'uri' ? 'one of file and uris' : 'the key file' };
}

/** The components that text or a `{ type }` can stand for in code. */
const parts = (): readonly AnyComponent[] => [...SOURCES, headerDate];

/** The traits of ammo from a file of requests. */
function traitsOf({ file, limit, passes }: HttpProviderConfig): ComponentTraits['provider'] {
  return {
    makes: ['http'],
    endless: limit === 0 && passes === 0,
    stdin: file?.traits.stdin === true,
    ...filesUnder('file', file),
  };
}

function describe(format: string, { file, uris }: HttpSourceOptions): string {
  if (file !== undefined) return `${format} from ${file.describe()}`;
  return `${format}, ${uris.length} ${uris.length === 1 ? 'line' : 'lines'}`;
}

/** The example options of these providers. */
type Example = { readonly file: string; readonly headers?: readonly string[]; readonly passes?: number };

const provider = <N extends string>(name: N, format: HttpFormat, example: Example, summary: string) =>
  component({
    kind: 'provider',
    name,
    summary,
    example,
    parts,
    options: (codecs) =>
      refineStruct(
        struct(`${name} ammo`, {
          ...httpFields(codecs),
          /** Ignored: the format is fixed. */
          decoder: optional(text, '', 'ignored: the format is fixed'),
        }),
        (options) => httpSourceIssue(options, format) ?? templateIssue(options),
      ),
    create: (options, deps) => httpProvider(format, options, deps),
    describe: (options) => describe(name, options),
    traits: traitsOf,
  });

/** GET requests, one URI per line. @example uri({ uris: ['/', '/a tag'] }) */
export const uri = provider(
  'uri',
  'uri',
  { file: './ammo.uri', headers: ['[Host: example.org]'] },
  'GET requests, one URI per line, with header lines between them.',
);

/** POST requests with bodies. @example uripost({ file: './ammo.uripost' }) */
export const uripost = provider(
  'uripost',
  'uripost',
  { file: './ammo.uripost' },
  'POST requests: a line with a size and a URI, then the body.',
);

/** Whole HTTP requests. @example raw({ file: './ammo.raw' }) */
export const raw = provider(
  'raw',
  'raw',
  { file: './ammo.raw' },
  'Whole HTTP/1.x requests, each after a line with its size.',
);

/** Requests as JSON objects. @example httpJson({ file: './ammo.json' }) */
export const httpJson = provider(
  'http/json',
  'jsonline',
  { file: './ammo.json', passes: 1 },
  'HTTP requests as JSON objects.',
);

/** The `http` provider: requests in the format that `decoder` names. @example httpAmmoFile({ decoder: 'uri', uris: ['/'] }) */
export const httpAmmoFile = component({
  kind: 'provider',
  name: 'http',
  summary: 'HTTP requests in the format that decoder names.',
  example: { decoder: 'uri', uris: ['/', '/bytes/100 page'] },
  parts,
  options: (codecs) =>
    refineStruct(
      struct('http ammo', {
        ...httpFields(codecs),
        /** The format. */
        decoder: required(oneOf(['uri', 'uripost', 'raw', 'jsonline']), 'the format'),
      }),
      (options) => httpSourceIssue(options, options.decoder) ?? templateIssue(options),
    ),
  create: (options, deps) => httpProvider(options.decoder, options, deps),
  describe: (options) => describe(`http (${options.decoder})`, options),
  traits: traitsOf,
});
