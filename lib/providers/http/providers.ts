import { Buffer } from 'node:buffer';
import { oneOf, text } from '../../codec/scalars.js';
import { optional, refineStruct, required, struct } from '../../codec/struct.js';
import type { Middleware } from '../../core/component.js';
import type { DataSource } from '../../core/data.js';
import { defined } from '../../core/defined.js';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { isElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import { SOURCES } from '../../data/dataParts.js';
import type { AnyComponent } from '../../plugin/anyComponent.js';
import { component } from '../../plugin/component.js';
import { type ComponentTraits, type FileUse, filesUnder } from '../../plugin/traits.js';
import type { HttpAmmo } from '../../protocols/http.js';
import { Pullable } from '../../pull/pullable.js';
import { AmmoCursor } from '../reading/ammoCursor.js';
import { BadAmmoPolicy } from '../reading/ammoError.js';
import { AmmoReader } from '../reading/ammoReader.js';
import type { BatchDecoder } from '../reading/batchDecoder.js';
import { RequestTemplates } from '../templates/requestTemplates.js';
import { templateIssues, usesTemplates } from '../templates/templateIssues.js';
import { headerDate } from './dateHeader.js';
import type { Decoding, HttpRow } from './decoding.js';
import { canonicalHeader } from './headers.js';
import {
  type HttpFormat,
  type HttpProviderConfig,
  type HttpSourceOptions,
  httpFields,
  httpSourceIssue,
} from './httpFields.js';
import { HttpJsonDecoder } from './httpJson.js';
import { RawDecoder } from './rawDecoder.js';
import { UriDecoder } from './uriDecoder.js';
import { UripostDecoder } from './uripostDecoder.js';

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

/** A decoder for one pass over each format. */
export const HTTP_FORMATS: Readonly<Record<HttpFormat, (decoding: Decoding) => BatchDecoder<HttpRow>>> = {
  uri: (decoding) => new UriDecoder(decoding),
  uripost: (decoding) => new UripostDecoder(decoding),
  raw: (decoding) => new RawDecoder(decoding),
  jsonline: (decoding) => new HttpJsonDecoder(decoding),
};

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
    const troubles = new BadAmmoPolicy({
      ...{ name: source.name, tolerant: continueOnError, reports, log, scheduler },
      ...defined({ onBadAmmo: deps.onBadAmmo }),
    });
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

/** The components that text or a `{ type }` can stand for in code. */
const parts = (): readonly AnyComponent[] => [...SOURCES, headerDate];

/** The rows at the beginning of a source, and whether these are all and could be read; undefined when it cannot be read twice. */
function rowsIn(format: HttpFormat, { file, uris, headers, maxAmmoSize }: HttpProviderConfig, limit: Bytes) {
  const lines = Buffer.from(uris.join('\n'));
  const peek = file === undefined ? { bytes: lines, whole: lines.length <= limit } : file.traits.peek?.(limit);
  if (peek === undefined) return undefined;
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const troubles = new BadAmmoPolicy({
    ...{ name: '', tolerant: true, reports: false, log: silent, scheduler: { now: () => 0 } },
  });
  const decoder = HTTP_FORMATS[format]({
    ...{ name: '', headers: headers.map(canonicalHeader), maxSize: Math.max(0, maxAmmoSize), troubles },
  });
  const rows: HttpRow[] = [];
  try {
    decoder.push(peek.bytes, rows);
    if (peek.whole) decoder.end(rows);
    return { rows, whole: peek.whole };
  } catch {
    // The run reports what is wrong with its ammo.
    return { rows, whole: false };
  }
}

/** The tags of a small source; undefined when they are not known. */
function tagsIn(format: HttpFormat, config: HttpProviderConfig, limit: Bytes): readonly string[] | undefined {
  if (config.middlewares.length > 0 || usesTemplates(config)) return undefined;
  const read = rowsIn(format, config, limit);
  if (read?.whole !== true) return undefined;
  const { chosenCases } = config;
  const tags = [...new Set(read.rows.map(({ tag }) => tag))];
  return chosenCases.length === 0 ? tags : tags.filter((tag) => chosenCases.includes(tag));
}

/** How many hosts the requests at the beginning of the source are for; 1 when it cannot be read twice. */
function hostsIn(format: HttpFormat, config: HttpProviderConfig, limit: Bytes): number {
  const read = rowsIn(format, config, limit);
  return read === undefined ? 1 : new Set(read.rows.map(({ request }) => request.host.toLowerCase())).size;
}

/** The traits of ammo from a file of requests. */
function traitsOf(format: HttpFormat, config: HttpProviderConfig): ComponentTraits['provider'] {
  const { file, limit, passes, data } = config;
  const dataFiles = Object.entries(data).map(
    ([name, { csv }]): FileUse => ({ path: csv, access: 'read', key: `data.${name}.csv` }),
  );
  const files = [...(filesUnder('file', file).files ?? []), ...dataFiles];
  return {
    makes: ['http'],
    endless: limit === 0 && passes === 0,
    stdin: file?.traits.stdin === true,
    hosts: (bytes) => hostsIn(format, config, bytes),
    tags: (bytes) => tagsIn(format, config, bytes),
    ...(files.length === 0 ? {} : { files }),
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
        (options) => httpSourceIssue(options, format) ?? templateIssues(options),
      ),
    create: (options, deps) => httpProvider(format, options, deps),
    describe: (options) => describe(name, options),
    traits: (options) => traitsOf(format, options),
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
      (options) => httpSourceIssue(options, options.decoder) ?? templateIssues(options),
    ),
  create: (options, deps) => httpProvider(options.decoder, options, deps),
  describe: (options) => describe(`http (${options.decoder})`, options),
  traits: (options) => traitsOf(options.decoder, options),
});
