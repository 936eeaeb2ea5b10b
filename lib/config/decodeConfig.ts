import { chain, type Either, isLeft, left, map, mapLeft, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { adviceFor, unlikely } from '../codec/advice.js';
import type { CodecIssue } from '../codec/issue.js';
import { pathsIn } from '../codec/paths.js';
import { issuesOf } from '../codec/report/issues.js';
import { contextOf, pathOf } from '../codec/report/path.js';
import { nonEmpty } from '../codec/scalars.js';
import { descend, isMap } from '../codec/struct.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';
import { verdictSettings } from '../rules/verdictCodec.js';
import { searchedPools } from './capacityCodec.js';
import type { Config, PoolConfig } from './config.js';
import { type Document, valueDocument } from './document.js';
import { filesOf, type UsedFile } from './fileIssues.js';
import { mainCodec } from './mainCodec.js';
import { thresholdIssuesIn } from './thresholdIssues.js';

/** Options of {@link decodeConfig}. */
export interface DecodeOptions {
  /** The document of the value, for the places of warnings. Default: none. */
  readonly document?: Document;
  /** The modules that components may name by `use`; `loadConfig` loads those of a config. */
  readonly used?: UsedModules;
  /** Called with the files of everything that was accepted, also when the rest of the config is wrong. */
  readonly onFile?: (file: UsedFile) => void;
}

/** The file of the record, as far as it can be read when another key of the config is wrong. */
function recordFile(raw: unknown): UsedFile | undefined {
  const [at, file] = descend(raw, ['record']);
  return at.length === 1 && typeof file === 'string' && file !== '' ? { path: file, access: 'write', at } : undefined;
}

/** The file of the log, as far as it can be read when another key of the log is wrong. */
function logFile(raw: unknown): UsedFile | undefined {
  const [at, file] = descend(raw, ['log', 'file']);
  const decoded = at.length === 2 ? nonEmpty.decode(file) : undefined;
  if (decoded === undefined || isLeft(decoded) || decoded.right === 'stdout' || decoded.right === 'stderr') return;
  return { path: decoded.right, access: 'write', at };
}

/** The written value of the key `thresholds`. */
function thresholdsIn(raw: unknown): unknown {
  return descend(raw, ['thresholds'])[1];
}

/** A config without the top-level keys that begin with `x-`, which are free for other uses, such as YAML anchors. */
function withoutFreeKeys(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/^x-/i.test(key)));
}

/** Unique ids of the pools: an empty id becomes `pool_0` and so on, and a repeated id gets a number. */
function uniqueIds(written: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const wanted = new Set(written);
  return written.map((id, index) => {
    let unique = id === '' ? `pool_${index}` : id;
    for (let n = 2; taken.has(unique) || (unique !== id && wanted.has(unique)); n++)
      unique = `${id || `pool_${index}`}_${n}`;
    taken.add(unique);
    return unique;
  });
}

/**
 * The warning that two pools have the same id. Pandora accepts that; here results and summaries are identified by it.
 */
function renamed(pool: number, id: string, raw: unknown): CodecIssue {
  const written = (raw as { readonly pools: readonly { readonly id?: unknown }[] }).pools[pool]?.id;
  const message = `another pool has the id ${JSON.stringify(written)}; this one is ${JSON.stringify(id)} in messages and results`;
  return {
    ...unlikely(written, contextOf(['pools', pool, 'id'], written), 'an id of its own', message),
    code: 'duplicate-id',
  };
}

/** What the components of a config say while they are read. */
class ReadComponents {
  readonly warnings: CodecIssue[] = [];
  readonly files: UsedFile[] = [];

  constructor(private readonly onFile: (file: UsedFile) => void) {}

  use(file: UsedFile): void {
    this.files.push(file);
    this.onFile(file);
  }

  codec(registry: Registry, used: UsedModules, document: Document) {
    return mainCodec(
      pluginCodecs(registry, {
        onAccepted: (plugin, options, context) => this.warnings.push(...adviceFor(plugin, options, context)),
        onConfigured: (configured, context) => {
          for (const file of filesOf(configured, pathOf(context))) this.use(file);
        },
        used,
        references: document.references,
      }),
    );
  }
}

/** The pools as they are written, and with unique ids. */
interface NamedPools {
  readonly pools: readonly PoolConfig[];
  readonly named: readonly PoolConfig[];
}

function named<C extends { readonly pools: readonly PoolConfig[] }>(config: C): C & NamedPools {
  const ids = uniqueIds(config.pools.map(({ id }) => id));
  return { ...config, named: config.pools.map((pool, i) => ({ ...pool, id: ids[i] as string })) };
}

/** The warnings about an accepted list of pools. */
function poolWarnings({ pools, named }: NamedPools, raw: unknown, top: t.Context): readonly CodecIssue[] {
  const at = t.appendContext(top, 'pools', t.unknown, []);
  return [
    ...(pools.length > 0 ? [] : [unlikely([], at, 'a pool', 'the list is empty, so nothing is shot')]),
    ...pools.flatMap(({ ammo }) => ammo.traits.warnings ?? []),
    ...named.flatMap(({ id }, i) => (pools[i]?.id === '' || pools[i]?.id === id ? [] : [renamed(i, id, raw)])),
  ];
}

/**
 * Checks a whole parsed config against the components of a registry, and returns every issue. Pure: it opens no file,
 * resolves no name and creates no component.
 *
 * @example
 * decodeConfig({ pools: [{ gun: { type: 'http' } }] }, builtins()); // left: every issue
 */
export function decodeConfig(
  value: unknown,
  registry: Registry,
  { document = valueDocument(value), used = new Map(), onFile = () => undefined }: DecodeOptions = {},
): Either<readonly CodecIssue[], Config> {
  const components = new ReadComponents(onFile);
  const written = components.codec(registry, used, document);
  const codec = pathsIn(written, document.cwd);
  const raw = withoutFreeKeys(value ?? {});
  for (const file of [logFile(raw), recordFile(raw)]) if (file !== undefined) components.use(file);
  return pipe(
    codec.decode(raw),
    mapLeft((errors) => errors as CodecIssue[]),
    map(named),
    chain((config) => {
      const issues = thresholdIssuesIn(thresholdsIn(raw), config.thresholds, config.named);
      return issues.length === 0 ? right(config) : left(issues);
    }),
    map(({ pools, named, thresholds, autostop, verdict, strict, ...rest }): Config => {
      const top = [{ key: '', type: codec, actual: raw }];
      const ofPools = poolWarnings({ pools, named }, raw, top);
      return {
        ...rest,
        judging: {
          thresholds: [...thresholds, ...autostop],
          verdict: verdictSettings(verdict),
          failOn: strict ? 'degraded' : verdict.failOn,
        },
        pools: searchedPools(rest.capacity, named),
        files: components.files,
        warnings: issuesOf([...components.warnings, ...adviceFor(written, raw, top), ...ofPools], document),
        document,
        registry,
        used,
      };
    }),
  );
}
