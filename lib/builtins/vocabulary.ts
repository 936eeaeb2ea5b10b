import { csvAggregator } from '../aggregators/csv.js';
import { discardAggregator } from '../aggregators/discard.js';
import { jsonlinesAggregator } from '../aggregators/jsonlines.js';
import { logAggregator } from '../aggregators/log.js';
import { phoutAggregator } from '../aggregators/phout.js';
import { sampledAggregator } from '../aggregators/sampledAggregator.js';
import type { Deps } from '../core/deps.js';
import type { Provider } from '../core/provider.js';
import { fileSinkComponent, fileSourceComponent } from '../data/file.js';
import { inlineSourceComponent } from '../data/inline.js';
import { urlSourceComponent } from '../data/url.js';
import { fetchGun } from '../guns/fetch/gun.js';
import { httpGun } from '../guns/http/gun.js';
import { retagOperator } from '../pool-operators/poolOperators.js';
import { dummyProvider, numProvider } from '../providers/counted.js';
import { httpJsonProvider, rawProvider, uriProvider, uripostProvider } from '../providers/http/providers.js';
import { jsonProvider } from '../providers/jsonProvider.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ScenarioAmmo, WeightedScenario } from '../scenario/scenarioAmmo.js';
import { scenarioProvider } from '../scenario/scenarioProvider.js';
import { constSchedule } from '../schedules/const.js';
import { instanceStepSchedule } from '../schedules/instanceStep.js';
import { lineSchedule } from '../schedules/line.js';
import { compositeSchedule, jitterSchedule, mixSchedule, poissonSchedule } from '../schedules/nested.js';
import { onceSchedule } from '../schedules/once.js';
import { stepSchedule } from '../schedules/step.js';
import { traceSchedule } from '../schedules/trace.js';
import { unlimitedSchedule } from '../schedules/unlimited.js';
import { inCode, operatorInCode, scheduleInCode } from './inCode.js';
import { scenarioGunComponent } from './scenarioGun.js';

// The components of the config as functions for code: the same names, keys, defaults and checks. Two names differ, where a
// word is taken: `const` is `constant`, and `fetch` is `nodeFetch`. `mix` is the operator `mixAmmo`.
/** A constant rate. @example constant({ ops: 100, duration: '30s' }) */
export const constant = scheduleInCode(constSchedule);
/** A rate that rises or falls in a straight line. @example line({ from: 1, to: 500, duration: '60s' }) */
export const line = scheduleInCode(lineSchedule);
/** Stairs, up or down. @example step({ from: 10, to: 100, step: 10, duration: '10s' }) */
export const step = scheduleInCode(stepSchedule);
/** A burst. @example once({ times: 10 }) */
export const once = scheduleInCode(onceSchedule);
/** An operation whenever an instance is free. @example unlimited({ duration: '30s' }) */
export const unlimited = scheduleInCode(unlimitedSchedule);
/** Groups with pauses, to start instances. @example instanceStep({ from: 1, to: 100, step: 10, stepduration: '5s' }) */
export const instanceStep = scheduleInCode(instanceStepSchedule);
/** Schedules one after another, as in the config. @example composite({ nested: [{ type: 'once', times: 1 }] }) */
export const composite = scheduleInCode(compositeSchedule);
/** Schedules at the same time, as in the config; `mergeTicks` in code. @example mixed({ nested: [once({ times: 1 }), once({ times: 2 })] }) */
export const mixed = scheduleInCode(mixSchedule);
/** Arrivals by chance, as in the config; `poisson` in code. @example poissonArrivals({ nested: { type: 'const', ops: 10, duration: '10s' } }) */
export const poissonArrivals = scheduleInCode(poissonSchedule);
/** Moved by chance, as in the config; `jitter` in code. @example jittered({ nested: constant({ ops: 1, duration: '10s' }), amount: '50ms' }) */
export const jittered = scheduleInCode(jitterSchedule);
/** A recorded trace. @example trace({ file: './access.log', format: 'access', speed: 2 }) */
export const trace = scheduleInCode(traceSchedule);

/** GET requests, one URI a line. @example uri({ uris: ['/', '/a tag'] }) */
export const uri = inCode(uriProvider);
/** POST requests with bodies. @example uripost({ file: './ammo.uripost' }) */
export const uripost = inCode(uripostProvider);
/** Whole HTTP requests. @example raw({ file: './ammo.raw' }) */
export const raw = inCode(rawProvider);
/** Requests as JSON objects. @example httpJson({ file: './ammo.json' }) */
export const httpJson = inCode(httpJsonProvider);
/** JSON values for guns of your own. @example jsonValues({ source: './values.json' }) */
export const jsonValues = inCode(jsonProvider);
/** The numbers 0, 1, 2, ... @example num({ limit: 10 }) */
export const num = inCode(numProvider);
/** Ammo without content. @example dummy() */
export const dummy = inCode(dummyProvider);

const scenarioAmmo = inCode(scenarioProvider);

/**
 * Scenarios as ammo, for {@link scenarioGun}: one, or several with their weights (1 when it is left out), in exact shares. See `scenarioAmmo` of
 * `elpis/scenario` for the order.
 *
 * @param options `limit`: how many are played in the whole run. Default: endlessly many.
 * @throws ConfigError for no scenarios, a weight that is not above 0, or two scenarios of the same name.
 * @example
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * pool({
 *   gun: scenarioGun({ target: 'localhost:8080' }),
 *   ammo: scenarios([{ scenario: browse, weight: 95 }, { scenario: buy, weight: 5 }]),
 *   result: phout({ destination: './phout.log' }),
 *   rps: constant({ ops: 10, duration: '1m' }),
 *   startup: once({ times: 50 }),
 * });
 */
export function scenarios(
  played: Scenario | readonly (Scenario | WeightedScenario)[],
  options: { readonly limit?: number } = {},
  deps: Partial<Deps> = {},
): Provider<ScenarioAmmo> {
  const made: Provider = scenarioAmmo({ ...options, scenarios: played } as Parameters<typeof scenarioAmmo>[0], deps);
  return made as Provider<ScenarioAmmo>;
}

/** The main HTTP gun. @example http({ target: 'localhost:8080' }) */
export const http = inCode(httpGun);
/** HTTP by node-fetch. @example nodeFetch({ target: 'localhost:8080' }) */
export const nodeFetch = inCode(fetchGun);

/**
 * Plays the scenarios of its ammo over HTTP/1.1: each shot is one scenario from beginning to end, so `rps` counts scenario starts and the
 * instances are the virtual users that can be active at once. Its options are those of the HTTP gun, and `cookies`: how long they are
 * kept. Default `instance`: an instance is one virtual user for the whole run.
 *
 * @example scenarioGun({ target: 'localhost:8080', cookies: 'scenario' })
 * @see scenarios
 */
export const scenarioGun = inCode(scenarioGunComponent);

/** Rewrites tags. @example samples.pipe(retag({ pattern: '[0-9]+', replacement: 'ID' })) */
export const retag = operatorInCode(retagOperator);

/** Pandora's result file. @example phout({ destination: './phout.log' }) */
export const phout = inCode(phoutAggregator);
/** A JSON object per sample. @example jsonlines({ sink: './samples.jsonl' }) */
export const jsonlines = inCode(jsonlinesAggregator);
/** A CSV row per sample. @example csv({ sink: './samples.csv' }) */
export const csv = inCode(csvAggregator);
/** A line in the log per sample. @example logSamples() */
export const logSamples = inCode(logAggregator);
/** One sample in n, and all that failed, for another result. @example sampled({ oneIn: 100, result: { type: 'phout' } }) */
export const sampled = inCode(sampledAggregator);
/** Drops every sample. @example discard() */
export const discard = inCode(discardAggregator);

/** A file to write. @example fileSink({ path: './out' }) */
export const fileSink = inCode(fileSinkComponent);
/** A file to read, gzipped or not. @example fileSource({ path: './in.gz' }) */
export const fileSource = inCode(fileSourceComponent);
/** A text to read. @example inlineSource({ data: 'text' }) */
export const inlineSource = inCode(inlineSourceComponent);
/** A web address to read. @example urlSource({ url: 'http://localhost/ammo' }) */
export const urlSource = inCode(urlSourceComponent);
