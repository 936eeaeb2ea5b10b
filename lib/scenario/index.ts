/// <reference types="node" preserve="true" />
// The vocabulary of scenarios: `import { scenario, get, check } from 'elpis/scenario'`.

// -- checks

export type { Test } from './checks.js';
export { bodyHas, headerIs, jsonIs, type StatusClass, size, status, time } from './checks.js';

// -- extractors

export { css, cssAll } from './extractors/css.js';
export type { Extracted, Extractor } from './extractors/extractor.js';
export { cookie, header, orElse, regex } from './extractors/extractor.js';
export { jsonAll, jsonPath } from './extractors/json.js';
export { xpath, xpathAll } from './extractors/xpath.js';

// -- feeders

export { type CsvFeederOptions, csvFeeder } from './feeders/csvFeeder.js';
export { type JsonFeederOptions, jsonFeeder } from './feeders/jsonFeeder.js';
export type { Feeder, FeederOptions, FeederStrategy, RowSource } from './feeders/rowsFeeder.js';
export { generatorFeeder, rowsFeeder } from './feeders/rowsFeeder.js';

// -- scenarios

export { Scenario, type ScenarioOptions, scenario } from './scenario.js';
export type { ScenarioAmmo, ScenarioAmmoOptions, WeightedScenario } from './scenarioAmmo.js';
export { isScenarioAmmo, scenarioAmmo } from './scenarioAmmo.js';
export { ScenarioFailure } from './scenarioFailure.js';
export type { CookieScope, ScenarioGunsOptions } from './scenarioGun.js';
export { scenarioGuns } from './scenarioGun.js';
export type { Flow, NoVars, Part, Step, Vars } from './session.js';
export { Session } from './session.js';

// -- steps

export { branch } from './steps/branch.js';
export { type CallOptions, call } from './steps/call.js';
export { check } from './steps/check.js';
export { extract } from './steps/extract.js';
export { feed } from './steps/feed.js';
export { group } from './steps/group.js';
export { loop, type WhileTrueOptions, whileTrue } from './steps/loops.js';
export { counter, gauge, rate, trend } from './steps/metrics.js';
export { parallel } from './steps/parallel.js';
export { raceTimeout } from './steps/raceTimeout.js';
export type { Json, RequestOptions, Scalar } from './steps/request.js';
export { del, get, head, patch, post, put, request } from './steps/request.js';
export type { WhenFailed } from './steps/retry.js';
export { type RetryOptions, retry } from './steps/retry.js';
export { type SendOptions, send } from './steps/send.js';
export { type PauseOptions, pacing, pause } from './steps/waits.js';
export { type Choice, weightedChoice } from './steps/weightedChoice.js';
