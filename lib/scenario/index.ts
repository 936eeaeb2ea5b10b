// What scenarios are written with: `import { scenario, get, check } from 'elpis/scenario'`.

// -- checks

export { bodyHas } from './checks/bodyHas.js';
export { headerIs } from './checks/headerIs.js';
export { jsonIs } from './checks/jsonIs.js';
export { size } from './checks/size.js';
export { type StatusClass, status } from './checks/status.js';
export type { Test } from './checks/test.js';
export { time } from './checks/time.js';

// -- extractors

export { cookie } from './extractors/cookie.js';
export { css } from './extractors/css.js';
export { cssAll } from './extractors/cssAll.js';
export type { Extracted, Extractor } from './extractors/extractor.js';
export { header } from './extractors/header.js';
export { jsonAll } from './extractors/jsonAll.js';
export { jsonPath } from './extractors/jsonPath.js';
export { orElse } from './extractors/orElse.js';
export { regex } from './extractors/regex.js';
export { xpath } from './extractors/xpath.js';
export { xpathAll } from './extractors/xpathAll.js';

// -- feeders

export { type CsvFeederOptions, csvFeeder } from './feeders/csvFeeder.js';
export type { Feeder } from './feeders/feeder.js';
export type { FeederOptions, FeederStrategy } from './feeders/feederStrategy.js';
export { generatorFeeder } from './feeders/generatorFeeder.js';
export { type JsonFeederOptions, jsonFeeder } from './feeders/jsonFeeder.js';
export type { RowSource } from './feeders/readRows.js';
export { rowsFeeder } from './feeders/rowsFeeder.js';

// -- scenarios

export { ScenarioFailure } from './play/scenarioFailure.js';
export { Scenario, scenario } from './scenario.js';
export { scenarios } from './scenarios.js';
export type { CookieScope, ScenariosOptions } from './scenariosOptions.js';
export type { Flow, Step } from './session/flow.js';
export type { Part } from './session/part.js';
export { Session } from './session/session.js';
export type { NoVars, Vars } from './session/vars.js';

// -- steps

export { branch } from './steps/branch.js';
export { check } from './steps/check.js';
export { extract } from './steps/extract.js';
export { feed } from './steps/feed.js';
export { group } from './steps/group.js';
export { loop } from './steps/loop.js';
export { del, get, head, patch, post, put } from './steps/methods.js';
export { pacing } from './steps/pacing.js';
export { parallel } from './steps/parallel.js';
export { type PauseOptions, pause } from './steps/pause.js';
export { raceTimeout } from './steps/raceTimeout.js';
export { request } from './steps/request.js';
export type { Json, RequestOptions, Scalar } from './steps/requestOptions.js';
export { type RetryOptions, retry } from './steps/retry.js';
export { type SendOptions, send } from './steps/send.js';
export { type Choice, weightedChoice } from './steps/weightedChoice.js';
export type { WhenFailed } from './steps/whenFailed.js';
export { type WhileTrueOptions, whileTrue } from './steps/whileTrue.js';
export type { WeightedScenario } from './weightedScenario.js';
