import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type CodecIssue, fail } from '../../codec/issue.js';
import { existingFile, filePath, folderOf } from '../../codec/paths.js';
import { flag, integer, nonEmpty, oneOf, unsigned } from '../../codec/scalars.js';
import { foldKey, optional, required, type StructOf, struct, type WrittenOf } from '../../codec/struct.js';
import type { ReferenceSource } from '../../codec/text/substitute.js';
import { inShare } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import { component } from '../../plugin/component.js';
import { lazily } from '../../plugin/lazily.js';
import { CountedCursor } from '../../pull/countedCursor.js';
import { AsyncIterableCursor } from '../../pull/iterables.js';
import { Pullable } from '../../pull/pullable.js';
import type { ScenarioAmmo } from '../scenarioAmmo.js';
import type { FileScenarios } from './fileScenarios.js';

/** Reading HCL, YAML and templates is much code, which only these providers need. */
const reader = lazily(() => import('./fileScenarios.js'));

const fields = {
  /** The scenario file: .hcl, .yaml, .yml or .json. */
  file: required(filePath, 'the scenario file: .hcl, .yaml, .yml or .json'),
  /** How many scenarios are played; 0 for no limit. */
  limit: optional(unsigned, 0, 'how many scenarios are played; 0 for no limit'),
  /** How many rounds of the rotation of all scenarios are played; 0 for no limit. */
  passes: optional(unsigned, 0, 'how many rounds of the rotation of all scenarios are played; 0 for no limit'),
  /** How templates print whole numbers of JSON: plain is 1000000, go is 1e+06 as in Pandora. */
  numbers: optional(
    oneOf(['plain', 'go']),
    'plain',
    'how templates print whole numbers of JSON: plain is 1000000, go is 1e+06 as in Pandora',
  ),
  /** Accepted, without effect: the file is checked before the run. */
  continueOnError: optional(
    flag,
    false,
    'accepted, without effect: the file is checked before the run',
    'continueonerror',
  ),
  /** Accepted, without effect. */
  maxAmmoSize: optional(integer, 0, 'accepted, without effect', 'maxammosize'),
};

/** What the steps of a file go over. */
type Protocol = 'http' | 'grpc';

const nameOf = (protocol: Protocol) => `${protocol}/scenario` as const;

interface Options extends StructOf<typeof fields> {
  /** Undefined in code that is not part of a config: the file is then read when the provider is used. */
  readonly scenarios: FileScenarios | undefined;
}

/** The options with the scenarios of the file; everything that is wrong in the file is an issue of its own. */
function optionsCodec(protocol: Protocol, references: ReferenceSource) {
  const keys = struct(`${nameOf(protocol)} ammo`, fields);
  const validate: t.Validate<unknown, Options> = (raw, context) => {
    const decoded = keys.validate(raw, context);
    if (isLeft(decoded)) return decoded;
    const { file, numbers } = decoded.right;
    const key = Object.keys(Object(raw)).find((written) => foldKey(written) === 'file') ?? 'file';
    const at = t.appendContext(context, key, nonEmpty, file);
    if (reader.value === undefined) {
      const exists = existingFile.validate(file, at);
      return isLeft(exists) ? exists : right({ ...decoded.right, scenarios: undefined });
    }
    const read = reader.value.fileScenarios(file, protocol, references, { numbers, folder: folderOf(context) });
    if (!isLeft(read)) return right({ ...decoded.right, scenarios: read.right });
    if ('issues' in read.left) return left([...read.left.issues]);
    const { code, expected, hint } = read.left.path;
    return fail(file, at, code, expected, hint);
  };
  const is = (raw: unknown): raw is Options => !isLeft(validate(raw, []));
  const encode = ({ scenarios: _read, ...options }: Options): WrittenOf<typeof fields> => keys.encode(options);
  return Object.assign(new t.Type<Options, WrittenOf<typeof fields>, unknown>(keys.name, is, validate, encode), {
    fields,
  });
}

const CODE_REFERENCES: ReferenceSource = {
  env: {},
  readFile: () => {
    throw new Error('files are read in configs only');
  },
};

/** The scenarios of a file that was not read with a config. */
async function readNow({ file, numbers }: Options, protocol: Protocol): Promise<FileScenarios> {
  const { fileScenarios } = await reader.load();
  const read = fileScenarios(file, protocol, CODE_REFERENCES, { numbers });
  if (!isLeft(read)) return read.right;
  const [first]: readonly Pick<CodecIssue, 'expected'>[] = 'issues' in read.left ? read.left.issues : [read.left.path];
  throw new ElpisError('ELPIS_AMMO', `${file} cannot be played: expected ${first?.expected ?? 'scenarios'}`, {
    hint: 'elpis check prints every error of the file with its place',
  });
}

/** How many scenarios are played in the whole run; 0 for no limit. */
function lengthOf({ order }: FileScenarios, { limit, passes }: Pick<Options, 'limit' | 'passes'>): number {
  const inPasses = passes * order.length;
  return limit > 0 && inPasses > 0 ? Math.min(limit, inPasses) : Math.max(limit, inPasses);
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

const provider = <P extends Protocol>(protocol: P, summary: string) =>
  component({
    kind: 'provider',
    name: `${protocol}/scenario` as const,
    summary,
    example: { file: './scenario.hcl' },
    load: reader.load,
    options: ({ references }) => optionsCodec(protocol, references),
    create: (options, deps) => {
      const { scheduler, share } = deps;
      const { scenarios } = options;
      if (scenarios !== undefined) {
        const make = scenarios.ammo(deps);
        const length = lengthOf(scenarios, options);
        return new Pullable(() => new CountedCursor(length, share, make), { scheduler });
      }
      const late = async function* (): AsyncGenerator<ScenarioAmmo> {
        const read = await readNow(options, protocol);
        const make = read.ammo(deps);
        const length = lengthOf(read, options) || Number.POSITIVE_INFINITY;
        for (let index = 0; index < length; index++) if (inShare(share, index)) yield make(index);
      };
      return new Pullable(() => new AsyncIterableCursor(late()), { scheduler });
    },
    describe: ({ file, scenarios }) => {
      if (scenarios === undefined) return `${nameOf(protocol)} from ${file}`;
      const { length } = scenarios.order;
      const round = `${counted(length, 'start')} with ${counted(scenarios.requestsIn(length), 'request')} in a round`;
      return `${nameOf(protocol)} from ${file}: ${counted(scenarios.file.scenarios.length, 'scenario')}, ${round}`;
    },
    traits: ({ file, scenarios, limit, passes }) => ({
      makes: [nameOf(protocol)],
      endless: limit === 0 && passes === 0,
      files: [
        { path: file, access: 'read', key: 'file' },
        ...(scenarios?.file.variableSources ?? []).flatMap((source) =>
          source.type === 'variables' ? [] : [{ path: source.file, access: 'read' as const, key: 'file' }],
        ),
      ],
      ...(scenarios === undefined
        ? {}
        : {
            warnings: scenarios.warnings,
            scenarios: scenarios.file.scenarios.map(({ name }) => name),
            tags: () => scenarios.tags,
            first: () => scenarios.calls,
            requestsIn: (starts: number) =>
              scenarios.requestsIn(Math.min(starts, lengthOf(scenarios, { limit, passes }) || starts)),
          }),
    }),
  });

/**
 * Scenarios of a file in HCL or YAML whose requests go over HTTP, as in Pandora: for the guns `http/scenario` and `http2/scenario`.
 *
 * - They are played in blocks by their weights, again and again, in the order of the file. `limit` and `passes` end the run cleanly.
 * - In a pipeline without a config, the file is read when the first scenario is taken, and `${...}` references have no values.
 *
 * @throws ElpisError `ELPIS_AMMO` in a pipeline, for a file that cannot be used.
 * @example httpScenario({ file: './shop.hcl', limit: 100 })
 */
export const httpScenario = provider('http', 'Scenarios over HTTP from a file in HCL or YAML, as in Pandora.');

/**
 * Scenarios of a file in HCL or YAML whose calls go over gRPC, as in Pandora: for the gun `grpc/scenario`. Its steps are the `calls` of the file.
 *
 * @throws ElpisError `ELPIS_AMMO` in a pipeline, for a file that cannot be used.
 * @see httpScenario
 * @example grpcScenario({ file: './shop.hcl', limit: 100 })
 */
export const grpcScenario = provider('grpc', 'Scenarios over gRPC from a file in HCL or YAML, as in Pandora.');
