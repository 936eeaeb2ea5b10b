// For users' tests: clocks, fakes of every contract, and what records calls.

// -- fakes

export type { CollectOptions } from './collectTicks.js';
export { expectTicks, type TickExpectation } from './expectTicks.js';
export { FakeAggregator, type FakeAggregatorOptions } from './fakeAggregator.js';
export { FakeArmoury, type FakeArmouryOptions, type FakeShot } from './fakeArmoury.js';
export { fakeDeps } from './fakeDeps.js';
export { FakeLog } from './fakeLog.js';
export { FakeProvider } from './fakeProvider.js';
export { FakeSchedule } from './fakeSchedule.js';
export { type Drawing, type MarbleHelpers, marbles } from './marbles.js';
export { MemorySink } from './memorySink.js';
export { MemorySource, type MemorySourceOptions } from './memorySource.js';

// -- scenarios in virtual time

export { type PlayScenarioOptions, playScenario } from './scenario/playScenario.js';
export type { PlayedPause, PlayedRequest, PlayedSample, ScenarioPlay } from './scenario/scenarioPlay.js';
export type { ScriptedResponse } from './scenario/scriptedResponse.js';
export {
  type AnswerScripts,
  type ScriptedRequest,
  type ScriptedResponses,
  ScriptedTransport,
  scriptedTransport,
} from './scenario/scriptedTransport.js';

// -- time and chance

export { seededRandom } from '../coreutil/seededRandom.js';
export { VirtualClock } from '../coreutil/virtualClock.js';

// -- models of a target, and runs in virtual time

export { constantLatency } from '../rehearsal/constantLatency.js';
export { type EmpiricalSource, empiricalLatency } from '../rehearsal/empiricalLatency.js';
export { exponentialLatency } from '../rehearsal/exponentialLatency.js';
export { failureScript } from '../rehearsal/failureScript.js';
export { fittedFrom } from '../rehearsal/fittedFrom.js';
export { type LogNormalOptions, logNormalLatency } from '../rehearsal/logNormalLatency.js';
export { type ModelArmouryOptions, modelArmoury } from '../rehearsal/modelArmoury.js';
export { type QueueOptions, queueModel } from '../rehearsal/queueModel.js';
export type { Rehearsal, RehearsedPool } from '../rehearsal/rehearsal.js';
export type { RehearseOptions } from '../rehearsal/rehearseConfig.js';
export { targetFromText } from '../rehearsal/targetFromText.js';
export type { AnswerRule, TargetAnswer, TargetModel, TargetStart } from '../rehearsal/targetModel.js';
export { together } from '../rehearsal/together.js';
export { type VirtualRunOptions, virtualRun } from './virtualRun.js';
