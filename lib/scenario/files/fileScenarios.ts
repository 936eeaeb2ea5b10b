import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../codec/issue.js';
import type { ReferenceSource } from '../../codec/text/substitute.js';
import type { Deps } from '../../core/deps.js';
import type { PeekedAmmo } from '../../plugin/traits.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioAmmo } from '../scenarioAmmo.js';
import { type CompiledScenarios, type CompileOptions, compileGrpcScenarios, compileHttpScenarios } from './compile.js';
import type { FileScenario, ScenarioFile, ScenarioFileOf } from './model.js';
import { peekedCalls } from './peekedCalls.js';
import { FAILED_TAG } from './play/httpStep.js';
import { type BadScenarioFile, readScenarioFile } from './readScenarioFile.js';
import { requestListOf } from './requestList.js';
import { type Rotation, rotation } from './rotation.js';

const requestsOf = ({ runs }: FileScenario<unknown>): number => runs.reduce((sum, { count }) => sum + count, 0);

/** The scenarios of a file, ready to be played. */
export class FileScenarios<F extends ScenarioFile = ScenarioFile> {
  readonly order: Rotation;
  /** By scenario, how many requests one play of it sends. */
  readonly #requests: readonly number[];

  constructor(
    readonly file: F,
    readonly warnings: readonly CodecIssue[],
    private readonly compiled: CompiledScenarios,
  ) {
    this.order = rotation(file.scenarios);
    this.#requests = file.scenarios.map(requestsOf);
  }

  /** How many requests the first scenarios of a run send, when none fails. */
  requestsIn(scenarios: number): number {
    const { length, counts, at } = this.order;
    if (length === 0) return 0;
    const inRound = counts.reduce((sum, count, i) => sum + count * (this.#requests[i] as number), 0);
    if (!Number.isFinite(scenarios)) return inRound > 0 ? scenarios : 0;
    const rest = scenarios % length;
    let sum = Math.floor(scenarios / length) * inRound;
    for (let index = 0; index < rest; ) {
      const scenario = at(index);
      const block = Math.min(counts[scenario] as number, rest - index);
      sum += block * (this.#requests[scenario] as number);
      index += block;
    }
    return sum;
  }

  /** The tags of its requests, also of failed ones. Over HTTP they have the names of the requests. */
  get tags(): readonly string[] {
    const { protocol } = this.file;
    const written: readonly FileScenario<{ readonly name: string; readonly tag: string }>[] = this.file.scenarios;
    const tags = written.flatMap(({ name, runs }) =>
      runs.map(({ step }) => `${name}.${protocol === 'grpc' ? step.tag : step.name}`),
    );
    return [...new Set(tags.flatMap((tag) => [tag, `${tag}${FAILED_TAG}`]))];
  }

  /** The calls over gRPC that it plays, as far as they are known before a run. */
  get calls(): readonly PeekedAmmo[] {
    return this.file.protocol === 'grpc' ? peekedCalls(this.file) : [];
  }

  /** What makes the ammo of a start from its index in the run. */
  ammo(deps: Pick<Deps, 'random'>): (index: number) => ScenarioAmmo {
    const scenarios = this.compiled.scenarios(deps);
    const written: readonly FileScenario<{ readonly name: string }>[] = this.file.scenarios;
    const lists = written.map(({ runs }) =>
      requestListOf(runs.map(({ step, ...run }) => ({ ...run, name: step.name }))),
    );
    return (index) => {
      const i = this.order.at(index);
      const scenario = scenarios[i] as Scenario;
      const requests = lists[i] as readonly string[];
      return { protocol: 'scenario', id: index + 1, tag: scenario.name, scenario, requests };
    };
  }
}

const inFile = (issues: readonly CodecIssue[], { source }: ScenarioFile): readonly CodecIssue[] =>
  issues.map((issue) => ({ ...issue, file: source }));

const compile = (file: ScenarioFile, options: CompileOptions): Either<readonly CodecIssue[], CompiledScenarios> =>
  file.protocol === 'http' ? compileHttpScenarios(file, options) : compileGrpcScenarios(file, options);

/** How {@link fileScenarios} reads a file. */
export interface FileScenariosOptions extends CompileOptions {
  /** Where relative paths of its sources begin. Default: the working directory of the process. */
  readonly folder?: string | undefined;
}

/**
 * Reads a scenario file up to scenarios that can be played, with the files of its variable sources.
 *
 * @param path Relative to the working directory.
 * @see readScenarioFile, for what is checked before.
 */
export function fileScenarios<P extends ScenarioFile['protocol']>(
  path: string,
  protocol: P,
  references: ReferenceSource,
  { folder, ...options }: FileScenariosOptions,
): Either<BadScenarioFile, FileScenarios<ScenarioFileOf<P>>> {
  const read = readScenarioFile(path, protocol, references, folder);
  if (isLeft(read)) {
    // What is wrong with its sources is reported together with what is wrong in the file itself.
    if ('path' in read.left || read.left.partly === undefined) return read;
    const { issues, partly } = read.left;
    const compiled = compile(partly, options);
    return left({ issues: [...issues, ...(isLeft(compiled) ? inFile(compiled.left, partly) : [])] });
  }
  const { file, warnings } = read.right;
  const compiled = compile(file, options);
  if (isLeft(compiled)) return left({ issues: inFile(compiled.left, file) });
  // The reader makes a file of the protocol that was asked for.
  const ofProtocol = file as ScenarioFileOf<P>;
  return right(new FileScenarios(ofProtocol, [...warnings, ...inFile(compiled.right.warnings, file)], compiled.right));
}
