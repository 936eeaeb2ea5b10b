import { scenario } from '../../../lib/scenario/scenario.js';
import type { NoVars, Step } from '../../../lib/scenario/session.js';
import { type PlayScenarioOptions, playScenario } from '../../../lib/testing/scenario/playScenario.js';
import { type ScenarioPlay, ScenarioPlayError } from '../../../lib/testing/scenario/scenarioPlay.js';
import {
  type ResponseScripts,
  type ScriptedResponses,
  scriptedTransport,
} from '../../../lib/testing/scenario/scriptedTransport.js';

/** Responses for most specs: each path has its time and its response. */
const SCRIPTS: ResponseScripts = {
  '* /slow': '------r',
  '* /never': '--',
  '* /bad': '-x',
  '* /dead': '-#',
  '* /now': 'r',
  '* /*': '--r',
};
const RESPONSES: ScriptedResponses = { x: { status: 500 } };

/** A play, and the error that would have ended the run. */
export type SeenPlay = ScenarioPlay & { readonly error?: unknown };

/** Plays the scenario `s` that consists of a step. */
export function play<Out extends object>(
  step: Step<NoVars, Out>,
  options: PlayScenarioOptions & { readonly scripts?: ResponseScripts; readonly responses?: ScriptedResponses } = {},
): SeenPlay {
  const { scripts = {}, responses = {}, ...others } = options;
  const transport = scriptedTransport({ ...scripts, ...SCRIPTS }, { ...RESPONSES, ...responses });
  try {
    return playScenario(scenario('s', step), transport, others);
  } catch (error) {
    if (error instanceof ScenarioPlayError) return { ...error.play, error: error.cause };
    throw error;
  }
}

/** Its drawing, as lines. An error of the run is thrown. */
export function draw<Out extends object>(step: Step<NoVars, Out>, options: Parameters<typeof play>[1] = {}): string[] {
  const { drawing, error } = play(step, options);
  if (error !== undefined) throw error;
  return drawing.split('\n');
}
