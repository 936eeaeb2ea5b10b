import assert from 'node:assert/strict';
import { isLeft } from 'fp-ts/lib/Either.js';
import {
  type CompiledScenarios,
  type CompileOptions,
  compileHttpScenarios,
} from '../../../../../lib/scenario/files/compile.js';
import type {
  HttpRequestStep,
  HttpScenarioFile,
  StepRun,
  VariableSource,
} from '../../../../../lib/scenario/files/model.js';
import type { Scenario } from '../../../../../lib/scenario/scenario.js';
import { type PlayScenarioOptions, playScenario } from '../../../../../lib/testing/scenario/playScenario.js';
import type { ScenarioPlay } from '../../../../../lib/testing/scenario/scenarioPlay.js';
import {
  type ResponseScripts,
  type ScriptedResponses,
  scriptedTransport,
} from '../../../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../../../lib/time/seededRandom.js';

/** A request of a file, with defaults for what is left out. */
export type ShortRequest = Pick<HttpRequestStep, 'name'> & Partial<Omit<HttpRequestStep, 'path'>>;

/** A run of steps: a name, or with its count and sleeps. */
type ShortRun = string | (Partial<Omit<StepRun<HttpRequestStep>, 'step' | 'path'>> & { readonly step: string });

/** A scenario file in short: requests, and one scenario `s` that plays them in order unless it says otherwise. */
export interface ShortFile {
  readonly sources?: readonly VariableSource[];
  readonly requests: readonly ShortRequest[];
  readonly runs?: readonly ShortRun[];
  readonly minWaitingTimeMs?: number;
  readonly names?: readonly string[];
}

export function fileOf({
  sources = [],
  requests,
  runs,
  minWaitingTimeMs = 0,
  names = ['s'],
}: ShortFile): HttpScenarioFile {
  const steps = requests.map(
    (short, i): HttpRequestStep => ({
      path: ['requests', i],
      method: 'GET',
      uri: `/${short.name}`,
      headers: {},
      body: undefined,
      tag: '',
      preprocessor: undefined,
      postprocessors: [],
      templater: 'text',
      ...short,
    }),
  );
  const runOf = (run: ShortRun, i: number): StepRun<HttpRequestStep> => {
    const { step, count = 1, sleepMs = 0, lastSleepMs = 0 } = typeof run === 'string' ? { step: run } : run;
    const found = steps.findLast(({ name }) => name === step);
    assert.ok(found, `there is no request ${step}`);
    return { path: ['scenarios', 0, 'requests', i], step: found, count, sleepMs, lastSleepMs };
  };
  return {
    protocol: 'http',
    source: { name: 'file.yaml', written: undefined, place: () => undefined },
    variableSources: sources,
    steps,
    scenarios: names.map((name, i) => ({
      path: ['scenarios', i],
      name,
      weight: 1,
      minWaitingTimeMs,
      runs: (runs ?? requests.map(({ name: step }) => step)).map(runOf),
    })),
  };
}

export function compiled(file: HttpScenarioFile, options: CompileOptions = {}): CompiledScenarios {
  const result = compileHttpScenarios(file, options);
  if (isLeft(result)) throw new Error(result.left.map(({ expected }) => expected).join('; '));
  return result.right;
}

export interface PlayFileOptions extends PlayScenarioOptions {
  readonly scripts?: ResponseScripts;
  readonly responses?: ScriptedResponses;
  readonly compile?: CompileOptions;
}

/** Plays the first scenario of a file against scripted responses, by default empty ones after 2 ms. */
export function playFile(short: ShortFile, options: PlayFileOptions = {}): ScenarioPlay {
  const { scripts = {}, responses = {}, compile, ...others } = options;
  const [scenario] = compiled(fileOf(short), compile).scenarios({ random: seededRandom(1) });
  const transport = scriptedTransport({ ...scripts, '* /*': '--r' }, responses);
  return playScenario(scenario as Scenario, transport, others);
}

/** The bodies of the requests that a file sends, as text. */
export const bodiesOf = (short: ShortFile, options?: PlayFileOptions): string[] =>
  playFile(short, options).requests.map(({ request }) => Buffer.from(request.body ?? '').toString());

/** The samples of requests: tag, net code and status, and the name of the failure. */
export const samplesOf = ({ samples }: ScenarioPlay): string[] =>
  samples
    .filter(({ scope }) => scope === '')
    .map(({ tag, netCode, status, error }) => `${tag} ${netCode} ${status}${error === '' ? '' : ` ${error}`}`);
