import { isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Codec, fail } from '../../codec/issue.js';
import { existingFile, flag, integer, nonEmpty, unsigned } from '../../codec/scalars.js';
import { withSchema } from '../../codec/schema.js';
import { optional, required, struct } from '../../codec/struct.js';
import type { ReferenceSource } from '../../codec/text/substitute.js';
import { inShare } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import { component } from '../../plugin/component.js';
import { lazily } from '../../plugin/lazily.js';
import { CountedCursor } from '../../pull/countedCursor.js';
import { AsyncIterableCursor } from '../../pull/iterables.js';
import { Pullable } from '../../pull/pullable.js';
import type { FileScenarioAmmo, FileScenarios } from './fileScenarios.js';
import type { ScenarioFile } from './model.js';

type Protocol = ScenarioFile['protocol'];

/** Reading HCL, YAML and templates is much code, which only these providers need. */
const reader = lazily(() => import('./fileScenarios.js'));

/** A scenario file that a config names. */
interface NamedFile {
  readonly path: string;
  /** Undefined in code that is not part of a config: the file is read when the provider is used. */
  readonly scenarios: FileScenarios | undefined;
}

/** Reads the path of a scenario file into its scenarios; everything that is wrong in the file is an issue. */
function scenarioFile(protocol: Protocol, references: ReferenceSource): Codec<NamedFile, string> {
  const validate: t.Validate<unknown, NamedFile> = (raw, context) => {
    if (reader.value === undefined) {
      return map((path: string): NamedFile => ({ path, scenarios: undefined }))(existingFile.validate(raw, context));
    }
    const named = nonEmpty.validate(raw, context);
    if (isLeft(named)) return named;
    const path = named.right;
    const read = reader.value.fileScenarios(path, protocol, references);
    if (!isLeft(read)) return right({ path, scenarios: read.right });
    if ('issues' in read.left) return left([...read.left.issues]);
    const { code, expected, hint } = read.left.path;
    return fail(raw, context, code, expected, hint);
  };
  const is = (raw: unknown): raw is NamedFile => !isLeft(validate(raw, []));
  return withSchema(
    new t.Type<NamedFile, string, unknown>('the path of a scenario file', is, validate, ({ path }) => path),
    () => ({ type: 'string', minLength: 1 }),
  );
}

/** The scenarios of a file that was not read with a config. */
async function readNow(path: string, protocol: Protocol): Promise<FileScenarios> {
  const { fileScenarios } = await reader.load();
  const read = fileScenarios(path, protocol, {
    env: {},
    readFile: () => {
      throw new Error('files are read in configs only');
    },
  });
  if (!isLeft(read)) return read.right;
  const [first] = 'issues' in read.left ? read.left.issues : [read.left.path];
  throw new ElpisError('ELPIS_AMMO', `${path} cannot be played: expected ${first?.expected ?? 'a scenario file'}`, {
    hint: 'elpis check shows what is wrong and where',
  });
}

interface Counts {
  readonly limit: number;
  readonly passes: number;
}

/** How many scenarios are played in the whole run; 0 for no limit. */
function lengthOf({ order }: FileScenarios, { limit, passes }: Counts): number {
  const inPasses = passes * order.length;
  return limit > 0 && inPasses > 0 ? Math.min(limit, inPasses) : Math.max(limit, inPasses);
}

const many = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

function describe(name: string, { path, scenarios }: NamedFile): string {
  if (scenarios === undefined) return `${name} from ${path}`;
  const { order, file } = scenarios;
  const round = `${many(order.length, 'start')} and ${many(scenarios.requestsIn(order.length), 'request')} a round`;
  return `${name} from ${path}: ${many(file.scenarios.length, 'scenario')}, ${round}`;
}

const provider = <N extends string>(name: N, protocol: Protocol, example: { readonly file: string }, summary: string) =>
  component({
    kind: 'provider',
    name,
    summary,
    example,
    load: reader.load,
    options: ({ references }) =>
      struct(`${name} ammo`, {
        /** The scenario file: .hcl, .yaml, .yml or .json. */
        file: required(scenarioFile(protocol, references), 'the scenario file: .hcl, .yaml, .yml or .json'),
        /** How many scenarios are played; 0 for no limit. */
        limit: optional(unsigned, 0, 'how many scenarios are played; 0 for no limit'),
        /** How many rounds of the rotation of all scenarios are played; 0 for no limit. */
        passes: optional(unsigned, 0, 'how many rounds of the rotation of all scenarios are played; 0 for no limit'),
        /** Accepted, without effect: what is wrong in the file is found before the run. */
        continueOnError: optional(flag, false, 'accepted, without effect', 'continueonerror'),
        /** Accepted, without effect. */
        maxAmmoSize: optional(integer, 0, 'accepted, without effect', 'maxammosize'),
      }),
    create: ({ file, ...counts }, deps) => {
      const { scheduler, share } = deps;
      const { path, scenarios } = file;
      if (scenarios !== undefined) {
        const make = scenarios.ammo(deps);
        const length = lengthOf(scenarios, counts);
        return new Pullable(() => new CountedCursor(length, share, make), { scheduler });
      }
      const late = async function* (): AsyncGenerator<FileScenarioAmmo> {
        const read = await readNow(path, protocol);
        const make = read.ammo(deps);
        const length = lengthOf(read, counts) || Number.POSITIVE_INFINITY;
        for (let index = 0; index < length; index++) if (inShare(share, index)) yield make(index);
      };
      return new Pullable(() => new AsyncIterableCursor(late()), { scheduler });
    },
    describe: ({ file }) => describe(name, file),
    traits: ({ file: { path, scenarios }, limit, passes }) => ({
      makes: [name],
      endless: limit === 0 && passes === 0,
      files: [
        { path, access: 'read', key: 'file' },
        ...(scenarios?.file.variableSources.flatMap((source) =>
          source.type === 'variables' ? [] : [{ path: source.file, access: 'read' as const, key: 'file' }],
        ) ?? []),
      ],
      ...(scenarios === undefined
        ? {}
        : { warnings: scenarios.warnings, requestsIn: (starts: number) => scenarios.requestsIn(starts) }),
    }),
  });

/** Scenarios of a file in HCL or YAML whose requests go over HTTP. @example httpScenario({ file: './shop.hcl' }) */
export const httpScenario = provider(
  'http/scenario',
  'http',
  { file: './scenario.hcl' },
  'Scenarios over HTTP from a file in HCL or YAML, as in Pandora.',
);

/** Scenarios of a file in HCL or YAML whose calls go over gRPC. @example grpcScenario({ file: './shop.hcl' }) */
export const grpcScenario = provider(
  'grpc/scenario',
  'grpc',
  { file: './scenario.hcl' },
  'Scenarios over gRPC from a file in HCL or YAML, as in Pandora.',
);
