/// <reference types="node" preserve="true" />
// For the tests of users: clocks, fakes of every contract, and recorders of calls.

// -- fakes

export type { CollectOptions } from './expectTicks.js';
export { expectTicks, type TickExpectation } from './expectTicks.js';
export { FakeAggregator, type FakeAggregatorOptions } from './fakeAggregator.js';
export { FakeLog, fakeDeps } from './fakeDeps.js';
export { FakeGunFactory, type FakeGunFactoryOptions, type FakeShot } from './fakeGuns.js';
export { FakeProvider } from './fakeProvider.js';
export { FakeSchedule } from './fakeSchedule.js';
export { type Drawing, type MarbleHelpers, marbles } from './marbles.js';
export { MemorySink, MemorySource, type MemorySourceOptions } from './memory.js';

// -- scenarios in virtual time

export { type PlayScenarioOptions, playScenario } from './scenario/playScenario.js';
export type { PlayedPause, PlayedRequest, PlayedSample, ScenarioPlay } from './scenario/scenarioPlay.js';
export { ScenarioPlayError } from './scenario/scenarioPlay.js';
export {
  type ResponseScripts,
  type ScriptedRequest,
  type ScriptedResponses,
  ScriptedTransport,
  scriptedTransport,
} from './scenario/scriptedTransport.js';

// -- time and chance

export type { CapacityEstimate, CapacityState, CapacityStep } from '../measure/capacityState.js';
export { seededRandom } from '../time/seededRandom.js';
export { VirtualClock } from '../time/virtualClock.js';
export { FakeRunHandle } from './fakeRunHandle.js';

// -- models of a target, and runs in virtual time

export { type ModelGunsOptions, modelGuns } from '../rehearsal/modelGuns.js';
export { failureScript } from '../rehearsal/models/failureScript.js';
export { fittedFrom } from '../rehearsal/models/fittedFrom.js';
export {
  constantLatency,
  type EmpiricalSource,
  empiricalLatency,
  exponentialLatency,
  type LogNormalOptions,
  logNormalLatency,
} from '../rehearsal/models/latencies.js';
export { type QueueOptions, queueModel } from '../rehearsal/models/queueModel.js';
export { targetFromText } from '../rehearsal/models/targetFromText.js';
export type { ModelResponse, ResponseRule, TargetModel, TargetStart } from '../rehearsal/models/targetModel.js';
export { inSeries } from '../rehearsal/models/targetModel.js';
export type { Rehearsal, RehearsedOutcome, RehearsedPool } from '../rehearsal/rehearsal.js';
export type { RehearseOptions } from '../rehearsal/rehearseConfig.js';
export type { ScriptableRequest, ScriptedResponse, TargetResponses } from '../rehearsal/responses.js';
export { type ExpectedVerdict, expectVerdict } from './expectVerdict.js';
export { type VirtualRunOptions, virtualRun } from './virtualRun.js';
