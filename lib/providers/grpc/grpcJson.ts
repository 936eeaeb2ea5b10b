import { atLeast } from '../../codec/bounds.js';
import { listOf } from '../../codec/collections.js';
import type { IssueSource } from '../../codec/report/document.js';
import { flag, integer, text, unsigned } from '../../codec/scalars.js';
import { optional, refineStruct, type StructOf, struct } from '../../codec/struct.js';
import { jsonRange } from '../../codec/text/jsonPlaces.js';
import type { Bytes } from '../../core/units.js';
import { SOURCES } from '../../data/dataParts.js';
import { component } from '../../plugin/component.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import type { PartCodecs } from '../../plugin/part.js';
import { filesUnder, type PeekedAmmo } from '../../plugin/traits.js';
import type { GrpcAmmo } from '../../protocols/grpc.js';
import { Pullable } from '../../pull/pullable.js';
import { AmmoCursor } from '../reading/ammoCursor.js';
import { BadAmmoPolicy } from '../reading/ammoError.js';
import { AmmoReader } from '../reading/ammoReader.js';
import { GrpcJsonDecoder, type GrpcRow } from './grpcJsonDecoder.js';

const NO_SOURCE: ConfiguredComponent<'source'> | undefined = undefined;
const NO_TEXTS: readonly string[] = [];

const legacySource = ({ source }: PartCodecs) =>
  struct('source', {
    /** Ignored: the format is fixed. */
    type: optional(text, '', 'ignored: the format is fixed'),
    /** The same as file, and before it. */
    path: optional(source, NO_SOURCE, 'the same as file, and before it'),
  });

const fields = (codecs: PartCodecs) => ({
  /** The source of the ammo: a path, stdin, a URL, or a data source. */
  file: optional(codecs.source, NO_SOURCE, 'the source of the ammo: a path, stdin, a URL, or a data source'),
  /** How many items are shot; 0 for all. Only the chosen cases count. */
  limit: optional(unsigned, 0, 'how many items are shot; 0 for all. Only the chosen cases count'),
  /** How many times the file is read; 0 for no limit. */
  passes: optional(unsigned, 0, 'how many times the file is read; 0 for no limit'),
  /** Only items with one of these tags. */
  chosenCases: optional(listOf(text), NO_TEXTS, 'only items with one of these tags', 'chosencases'),
  /** A bad line is logged, and counted as a failed shot. */
  continueOnError: optional(flag, false, 'a bad line is logged, and counted as a failed shot', 'continueonerror'),
  /** Longest line in bytes; 0 for 65536. */
  maxAmmoSize: optional(integer, 0, 'longest line in bytes; 0 for 65536', 'maxammosize'),
  /** An older way to write the file. */
  source: optional(legacySource(codecs), null, 'an older way to write the file'),
  /** How many items are decoded ahead. */
  ammoQueueSize: optional(atLeast(integer, 1), 8192, 'how many items are decoded ahead'),
});

type GrpcJsonConfig = StructOf<ReturnType<typeof fields>>;

const sourceOf = ({ file, source }: GrpcJsonConfig): ConfiguredComponent<'source'> | undefined => source?.path ?? file;

function grpcAmmo({ tag, call, problem }: GrpcRow, id: number): GrpcAmmo {
  return problem === undefined ? { protocol: 'grpc', id, tag, call } : { protocol: 'grpc', id, tag, call, problem };
}

/** The most rows that are looked at before a run. */
const PEEKED_ROWS = 10_000;

/** A text of a JSON object per line, for issues. The case of the names of an item does not count. */
function linesOf(name: string, text: string): (line: number) => IssueSource {
  const lines = text.split('\n');
  const same = (key: string | number, part: string | number, depth: number): boolean =>
    depth === 0 ? String(key).toLowerCase() === part : key === part;
  return (line) => ({
    name,
    text,
    written: undefined,
    place: (path, part) => {
      const written = lines[line - 1] ?? '';
      const [start, end] = jsonRange(written, path, part, same);
      return { line, column: start + 1, length: Math.max(1, end - start) };
    },
  });
}

/** The rows at the beginning of a source, also bad ones; undefined when it cannot be read twice. */
function rowsIn(source: ConfiguredComponent<'source'>, config: GrpcJsonConfig, limit: Bytes) {
  const peek = source.traits.peek?.(limit);
  if (peek === undefined) return undefined;
  const name = source.describe();
  const maxSize = Math.max(0, config.maxAmmoSize);
  const rows: GrpcRow[] = [];
  const troubles = new BadAmmoPolicy({
    ...{ name, tolerant: true, reports: false, scheduler: { now: () => 0 } },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const decoder = new GrpcJsonDecoder({ name, maxSize, keepBad: true, troubles });
  decoder.push(peek.bytes, rows);
  if (peek.whole) decoder.end(rows);
  return { rows, peek, name };
}

/** The tags of a small source; undefined when they are not known. */
function tagsIn(
  source: ConfiguredComponent<'source'>,
  config: GrpcJsonConfig,
  limit: Bytes,
): readonly string[] | undefined {
  const read = rowsIn(source, config, limit);
  if (read?.peek.whole !== true) return undefined;
  const { chosenCases } = config;
  const tags = [...new Set(read.rows.map(({ tag }) => tag))];
  return chosenCases.length === 0 ? tags : tags.filter((tag) => chosenCases.includes(tag));
}

/** The items at the beginning of a source; bad lines too, unless they are tolerated. */
function firstItems(source: ConfiguredComponent<'source'>, config: GrpcJsonConfig, limit: Bytes): PeekedAmmo[] {
  const read = rowsIn(source, config, limit);
  if (read === undefined) return [];
  const { rows, peek, name } = read;
  const at = linesOf(name, peek.bytes.toString().replace(/^\ufeff/, ''));
  return rows.slice(0, PEEKED_ROWS).flatMap(({ line, problem, ...row }): PeekedAmmo[] => {
    if (problem !== undefined && config.continueOnError) return [];
    // The place of the item is that of its issue.
    const told = problem?.replace(`${name}:${line}: `, '');
    return [{ ammo: grpcAmmo({ ...row, line, problem: told }, 0), written: { source: at(line), path: [] } }];
  });
}

/**
 * The `grpc/json` provider: gRPC calls, a JSON object per line.
 *
 * @example
 * grpcJson({ file: './ammo.grpc.json', passes: 1 });
 */
export const grpcJson = component({
  kind: 'provider',
  name: 'grpc/json',
  summary: 'gRPC calls, one JSON object per line.',
  example: { file: './ammo.grpc.json', passes: 2 },
  parts: () => SOURCES,
  options: (codecs) =>
    refineStruct(struct('grpc/json ammo', fields(codecs)), (options) =>
      sourceOf(options) === undefined ? { code: 'required', expected: 'the key file' } : undefined,
    ),
  create: (config, deps) => {
    const { limit, passes, chosenCases, continueOnError, ammoQueueSize } = config;
    const { scheduler, log, share } = deps;
    const source = (sourceOf(config) as ConfiguredComponent<'source'>).create(deps);
    return new Pullable(
      () => {
        const { name } = source;
        const reports = share.index === 0;
        const troubles = new BadAmmoPolicy({ name, tolerant: continueOnError, reports, log, scheduler });
        const decoding = { name, maxSize: Math.max(0, config.maxAmmoSize), keepBad: continueOnError, troubles };
        const reading = new AmmoReader<GrpcRow>({
          ...{ source, limit, passes, chosenCases, share, log, troubles },
          decoder: () => new GrpcJsonDecoder(decoding),
          limitChosen: true,
          preload: false,
          emptyPassAllowed: true,
        });
        return new AmmoCursor(reading, { make: grpcAmmo, queueSize: ammoQueueSize });
      },
      { scheduler },
    );
  },
  describe: (options) => `grpc/json from ${sourceOf(options)?.describe()}`,
  traits: (options) => {
    const source = sourceOf(options) as ConfiguredComponent<'source'>;
    return {
      makes: ['grpc'],
      endless: options.limit === 0 && options.passes === 0,
      stdin: source.traits.stdin === true,
      first: (limit) => firstItems(source, options, limit),
      tags: (limit) => tagsIn(source, options, limit),
      ...filesUnder(options.source?.path === undefined ? 'file' : 'source.path', source),
    };
  },
});
