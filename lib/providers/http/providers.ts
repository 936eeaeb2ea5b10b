import { Buffer } from 'node:buffer';
import { atLeast } from '../../codec/bounds.js';
import { listOf } from '../../codec/collections.js';
import type { Codec } from '../../codec/issue.js';
import { Reference } from '../../codec/reference.js';
import { flag, integer, oneOf, scalar, text, unsigned } from '../../codec/scalars.js';
import { optional, refineStruct, required, type StructIssue, type StructOf, struct } from '../../codec/struct.js';
import { describeError } from '../../core/blame.js';
import type { Middleware } from '../../core/component.js';
import type { DataSource } from '../../core/data.js';
import type { Deps } from '../../core/deps.js';
import { isElpisError } from '../../core/errors.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import { defineComponent, type PluginCodecs } from '../../plugin/descriptor.js';
import type { HttpAmmo } from '../../protocols/http.js';
import { Pullable } from '../../pull/pullable.js';
import { AmmoCursor } from '../reading/ammoCursor.js';
import { BadAmmoPolicy } from '../reading/ammoError.js';
import { AmmoReader } from '../reading/ammoReader.js';
import type { BatchDecoder } from '../reading/batchDecoder.js';
import type { Decoding, HttpRow } from './decoding.js';
import { type Header, parseHeaderLine } from './headers.js';
import { HttpJsonDecoder, jsonFlaw } from './httpJson.js';
import { RawDecoder } from './rawDecoder.js';
import { UriDecoder } from './uriDecoder.js';
import { UripostDecoder } from './uripostDecoder.js';

function plain({ tag, request, problem }: HttpRow, id: number): HttpAmmo {
  return problem === undefined
    ? { protocol: 'http', id, tag, request }
    : { protocol: 'http', id, tag, request, problem };
}

/**
 * Makes the ammo of a row when it is taken, and passes it through the middlewares in order. When one throws, the ammo
 * has a problem instead.
 */
function httpAmmoMaker(
  middlewares: readonly Middleware[],
  troubles: BadAmmoPolicy,
): (row: HttpRow, id: number) => HttpAmmo {
  if (middlewares.length === 0) return plain;
  const apply = middlewares as readonly unknown[] as readonly ((ammo: HttpAmmo) => HttpAmmo)[];
  return (row, id) => {
    let ammo = plain(row, id);
    if (row.problem !== undefined) return ammo;
    try {
      for (const middleware of apply) ammo = middleware(ammo);
    } catch (error) {
      const problem = isElpisError(error) ? error.message : `a middleware failed: ${describeError(error)}`;
      troubles.unshootable(problem, error);
      return { ...ammo, problem };
    }
    return ammo;
  };
}

/** A header in the config: `"[Name: value]"`, brackets included. */
const headerItem: Codec<Header> = scalar(
  { name: 'a header such as "[Name: value]"', schema: { type: 'string', pattern: '^\\s*\\[[^:]*:[\\s\\S]*\\]\\s*$' } },
  (raw) => {
    const line = raw instanceof Reference ? raw.text : raw;
    if (Array.isArray(line)) return { code: 'wrong-type', hint: 'quote it: brackets make a list in YAML' };
    if (typeof line !== 'string') return { code: 'wrong-type' };
    const value = parseHeaderLine(line.trim());
    return value === undefined ? { code: 'bad-header', hint: 'brackets around it, a colon after the name' } : { value };
  },
);

const NO_SOURCE: ConfiguredComponent<'source'> | undefined = undefined;
const NO_TEXTS: readonly string[] = [];
const NO_HEADERS: readonly Header[] = [];
const NO_MIDDLEWARES: readonly ConfiguredComponent<'middleware'>[] = [];

/** The config keys of every provider of HTTP ammo. */
const httpFields = (plugins: PluginCodecs) => ({
  file: optional(plugins.source, NO_SOURCE, 'where the ammo is: a path, stdin, a URL, or a data source'),
  uris: optional(listOf(text), NO_TEXTS, 'the lines of a uri file, instead of the file'),
  headers: optional(listOf(headerItem), NO_HEADERS, 'headers of all requests, such as "[Name: value]"'),
  limit: optional(unsigned, 0, 'how many items are read; 0 for all'),
  passes: optional(unsigned, 0, 'how many times the file is read; 0 for endlessly'),
  chosenCases: optional(listOf(text), NO_TEXTS, 'only items with one of these tags', 'chosencases'),
  preload: optional(flag, false, 'read the whole file first, then repeat it from memory'),
  middlewares: optional(listOf(plugins.middleware), NO_MIDDLEWARES, 'change each request when it is taken'),
  maxAmmoSize: optional(integer, 0, 'longest item in bytes; 0 for the default of the format', 'maxammosize'),
  continueOnError: optional(flag, false, 'skip bad items, count and log them', 'continueonerror'),
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

/** HTTP ammo in one of the formats: decoded in the background, taken one by one, endless or not as configured. */
function httpProvider(format: HttpFormat, config: HttpProviderConfig, deps: Deps): Pullable<HttpAmmo> {
  const { headers, limit, passes, chosenCases, preload, continueOnError, ammoQueueSize } = config;
  const { scheduler, log, share } = deps;
  const source = config.file?.create(deps) ?? linesSource(config.uris);
  const middlewares = config.middlewares.map((middleware) => middleware.create(deps));
  const open = (): AmmoCursor<HttpRow, HttpAmmo> => {
    const troubles = new BadAmmoPolicy({ tolerant: continueOnError, log, scheduler });
    const decoding = { name: source.name, headers, maxSize: Math.max(0, config.maxAmmoSize), troubles };
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
    });
    return new AmmoCursor(reading, { make: httpAmmoMaker(middlewares, troubles), queueSize: ammoQueueSize });
  };
  return new Pullable(open, { scheduler });
}

/** The options that say where the ammo is. */
export interface HttpSourceOptions {
  readonly file: ConfiguredComponent<'source'> | undefined;
  readonly uris: readonly string[];
}

/** What is wrong with where the ammo is: exactly one of `file` and `uris`, and `uris` only in the uri format. */
function httpSourceFlaw({ file, uris }: HttpSourceOptions, format: HttpFormat): StructIssue | undefined {
  if (uris.length > 0 && file !== undefined) {
    return { code: 'file-and-uris', expected: 'exactly one of file and uris', hint: 'remove one of them' };
  }
  if (uris.length > 0 && format !== 'uri') {
    return { code: 'bad-value', expected: 'a file; uris is for the uri format', hint: 'use file' };
  }
  if (file !== undefined) return format === 'jsonline' ? jsonFlaw(file) : undefined;
  if (uris.length > 0) return undefined;
  return { code: 'required', expected: format === 'uri' ? 'one of file and uris' : 'the key file' };
}

/** The `uri` provider. */
export const uriProvider = defineComponent({
  kind: 'provider',
  name: 'uri',
  summary: 'GET requests, one URI per line, with header lines between them.',
  codec: (plugins) =>
    refineStruct(
      struct('uri ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'uri'),
    ),
  create: (config, deps) => httpProvider('uri', config, deps),
});

/** The `uripost` provider. */
export const uripostProvider = defineComponent({
  kind: 'provider',
  name: 'uripost',
  summary: 'POST requests: a line with a size and a URI, then the body.',
  codec: (plugins) =>
    refineStruct(
      struct('uripost ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'uripost'),
    ),
  create: (config, deps) => httpProvider('uripost', config, deps),
});

/** The `raw` provider. */
export const rawProvider = defineComponent({
  kind: 'provider',
  name: 'raw',
  summary: 'Whole HTTP/1.x requests, each after a line with its size.',
  codec: (plugins) =>
    refineStruct(
      struct('raw ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'raw'),
    ),
  create: (config, deps) => httpProvider('raw', config, deps),
});

/** The `http/json` provider. */
export const httpJsonProvider = defineComponent({
  kind: 'provider',
  name: 'http/json',
  summary: 'HTTP requests as JSON objects.',
  codec: (plugins) =>
    refineStruct(
      struct('http/json ammo', { ...httpFields(plugins), decoder: optional(text, '', 'ignored: the format is fixed') }),
      (config) => httpSourceFlaw(config, 'jsonline'),
    ),
  create: (config, deps) => httpProvider('jsonline', config, deps),
});

/** The `http` provider: HTTP ammo in the format that `decoder` names. */
export const anyHttpProvider = defineComponent({
  kind: 'provider',
  name: 'http',
  summary: 'HTTP requests in the format that decoder names.',
  codec: (plugins) =>
    refineStruct(
      struct('http ammo', {
        ...httpFields(plugins),
        decoder: required(oneOf(['uri', 'uripost', 'raw', 'jsonline']), 'the format'),
      }),
      (config) => httpSourceFlaw(config, config.decoder),
    ),
  create: (config, deps) => httpProvider(config.decoder, config, deps),
});
