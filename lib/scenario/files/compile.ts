import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { concatMap, Observable } from 'rxjs';
import type { CodecIssue } from '../../codec/issue.js';
import type { Deps } from '../../core/deps.js';
import { Scenario } from '../scenario.js';
import type { NoVars, Session } from '../session.js';
import {
  type FilePart,
  type FileScenario,
  filePartIssue,
  type GrpcScenarioFile,
  type HttpScenarioFile,
  type StepRun,
  type VariableSource,
} from './model.js';
import { FileRun, type PlayableScenario } from './play/fileRun.js';
import { GrpcStep } from './play/grpcStep.js';
import { HttpStep } from './play/httpStep.js';
import type { PlayableStep } from './play/playableStep.js';
import { loadSources } from './sources/sources.js';
import type { NumberStyle, PrintOptions } from './values/goPrint.js';

/** Options of {@link compileHttpScenarios}. */
export interface CompileOptions {
  /** How templates print whole numbers of JSON. Default `plain`; `go`: as Pandora, `1e+06` for a million. */
  readonly numbers?: NumberStyle;
}

/** The scenarios of a file, ready to be played. */
export interface CompiledScenarios {
  /**
   * Steps that fail in every run, such as one with a template that cannot be read, at their place in the file. As with Pandora, they
   * are played, and their samples say that they have failed.
   */
  readonly warnings: readonly CodecIssue[];
  /**
   * The scenarios, in the order of the file. Each call makes new ones.
   *
   * @param deps `random` is for the calls of functions in `variables`. It MUST be the same in all threads.
   */
  scenarios(deps: Pick<Deps, 'random'>): readonly Scenario[];
}

/** The parts of a file of any protocol that playing needs. */
interface AnyFile<S> {
  readonly variableSources: readonly VariableSource[];
  readonly scenarios: readonly FileScenario<S>[];
}

/** A name that can be a tag of a whole scenario: without slashes, bars and control characters, and not empty. */
const tagName = (name: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
  const plain = name.replaceAll(/[/|\0-\x1f\x7f]/g, '_').trim();
  return plain === '' ? 'scenario' : plain;
};

/** The tags of whole scenarios, each once: two scenarios may have names that differ only in such a character. */
function tagNames(names: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const plain = tagName(name);
    let free = plain;
    for (let i = 2; used.has(free); i++) free = `${plain} ${i}`;
    used.add(free);
    return free;
  });
}

const WARNING = 'this step fails in every run';

function stepIssues<R>(steps: ReadonlyMap<FilePart, PlayableStep<R>>): CodecIssue[] {
  return [...steps].flatMap(([{ path }, { problems }]) =>
    problems.map(({ part, path: inner, value, error }) => ({
      ...filePartIssue(
        [...path, ...inner],
        value,
        'bad-value',
        `a ${part} that can be used: ${error.message}`,
        WARNING,
      ),
      severity: 'warning' as const,
    })),
  );
}

/**
 * Makes scenarios of a file playable, for any protocol.
 *
 * @param compile Makes a step playable. Called once for each step that a scenario uses.
 * @returns What cannot be read, at its place: the files of sources, and calls of functions in `variables`.
 */
export function compileScenarios<S extends FilePart, R>(
  file: AnyFile<S>,
  compile: (step: S, print: PrintOptions) => PlayableStep<R>,
  { numbers = 'plain' }: CompileOptions = {},
): Either<readonly CodecIssue[], CompiledScenarios> {
  const print: PrintOptions = { numbers };
  const steps = new Map<S, PlayableStep<R>>();
  const stepOf = (step: S): PlayableStep<R> => {
    const known = steps.get(step) ?? compile(step, print);
    steps.set(step, known);
    return known;
  };
  const playable = file.scenarios.map(({ name, minWaitingTimeMs, runs }) => ({
    name,
    minWaitingTimeMs,
    print,
    runs: runs.map(({ step, count, sleepMs, lastSleepMs }: StepRun<S>) => ({
      step: stepOf(step),
      count,
      sleepMs,
      lastSleepMs,
    })),
  }));
  const sources = loadSources(file.variableSources, print);
  const names = tagNames(playable.map(({ name }) => name));
  if (sources.issues.length > 0) return left(sources.issues);
  return right({
    warnings: stepIssues(steps),
    scenarios: ({ random }) => {
      const source = sources.values(random);
      return playable.map((scenario, i) => scenarioOf(names[i] as string, { ...scenario, source }));
    },
  });
}

function scenarioOf<R>(name: string, playable: PlayableScenario<R>): Scenario {
  return new Scenario(name, (flow) =>
    flow.pipe(
      concatMap(
        (session) =>
          new Observable<Session<NoVars>>((subscriber) => {
            new FileRun(playable, session, subscriber).next();
          }),
      ),
    ),
  );
}

/**
 * Makes the scenarios of a file over HTTP playable: its sources are read, and its templates, mappings and expressions are compiled. They
 * are scenarios like those in code, for any gun that sends HTTP requests.
 *
 * - Each request is a sample with the tag `SCENARIO.REQUEST`; the sample of a failed one ends in `|__EMPTY__`, and its scenario ends.
 * - Random values depend on the seed of the run and the index of the start. `[next]` counts per scenario, over all instances.
 */
export const compileHttpScenarios = (
  file: HttpScenarioFile,
  options: CompileOptions = {},
): Either<readonly CodecIssue[], CompiledScenarios> =>
  compileScenarios(file, (step, print) => new HttpStep(step, print), options);

/**
 * Makes the scenarios of a file over gRPC playable, for any gun that sends gRPC calls.
 *
 * - Each call is a sample with the tag `SCENARIO.TAG`, of the tag of the call. That of a failed one ends in `|__EMPTY__`.
 * - The fields of the response are the variables of a call, as protobuf writes them in JSON.
 *
 * @see compileHttpScenarios
 */
export const compileGrpcScenarios = (
  file: GrpcScenarioFile,
  options: CompileOptions = {},
): Either<readonly CodecIssue[], CompiledScenarios> =>
  compileScenarios(file, (step, print) => new GrpcStep(step, print), options);
