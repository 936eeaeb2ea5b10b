// The only table of components: a line per component, under its name in code. The registry, the listing of
// `elpis plugins`, the JSON Schema and the functions for code are derived from it.

export { csv } from '../aggregators/csv.js';
export { discard } from '../aggregators/discard.js';
export { json, jsonlines } from '../aggregators/jsonlines.js';
export { logSamples } from '../aggregators/log.js';
export { phout } from '../aggregators/phout.js';
export { sampled } from '../aggregators/sampled.js';
export { fileSink, fileSource } from '../data/file.js';
export { inlineSource } from '../data/inline.js';
export { stderrSink, stdinSource, stdoutSink } from '../data/std.js';
export { urlSource } from '../data/url.js';
export { nodeFetch } from '../guns/fetch/gun.js';
export { connect } from '../guns/http/connectGun.js';
export { http } from '../guns/http/gun.js';
export { http2 } from '../guns/http2/gun.js';
export { expvar } from '../observers/expvar.js';
export { liveLine } from '../observers/liveLine.js';
export { writeSummaryJson } from '../observers/summaryJson.js';
export { printSummary } from '../observers/summaryText.js';
export { jitterOperator, poissonOperator, retag } from '../pool-operators/poolOperators.js';
export { dummy, num } from '../providers/counted.js';
export { grpcJson } from '../providers/grpc/grpcJson.js';
export { headerDate } from '../providers/http/dateHeader.js';
export { httpAmmoFile, httpJson, raw, uri, uripost } from '../providers/http/providers.js';
export { jsonValues } from '../providers/jsonProvider.js';
export { mixedAmmo } from '../providers/mixProvider.js';
export { scenarioProvider } from '../scenario/scenarioProvider.js';
export { constant } from '../schedules/const.js';
export { instanceStep } from '../schedules/instanceStep.js';
export { line } from '../schedules/line.js';
export { composite, jittered, mixed, poissonArrivals } from '../schedules/nested.js';
export { once } from '../schedules/once.js';
export { step } from '../schedules/step.js';
export { trace } from '../schedules/trace.js';
export { unlimited } from '../schedules/unlimited.js';
export { httpScenarioGun } from './fileScenarioGuns.js';
export { scenarioGun } from './scenarioGun.js';
