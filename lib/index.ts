// -- running

export type { Distribution } from './aggregators/summary/distribution.js';
export type { LatenessVerdict } from './aggregators/summary/latenessVerdict.js';
export { mergeSummaries } from './aggregators/summary/mergeSummaries.js';
export { type SummaryOptions, summary } from './aggregators/summary/summary.js';
export { isSummaryProgress, type SummaryProgress, type WindowTimes } from './aggregators/summary/summaryProgress.js';
export {
  type FailureCount,
  isSummarySnapshot,
  type PlannedLoad,
  type StatusCount,
  type SummarySnapshot,
  type TagSummary,
  type ThreadShare,
} from './aggregators/summary/summarySnapshot.js';
export type { NamedAggregator, Pool } from './engine/pool.js';
export type { PoolEvent, PoolProgress } from './engine/poolEvent.js';
export type { RunOptions } from './engine/runOptions.js';
export { runPool } from './engine/runPool.js';
export { runPools } from './engine/runPools.js';
export { type CountsJson, type PoolJson, type SummaryJson, summaryJson, type TimeJson } from './report/summaryJson.js';
export { type SummaryTextOptions, summaryText } from './report/summaryText.js';
export { type RunSettings, run } from './run/run.js';
export type { AnnouncedPool, RunEvent } from './run/runEvent.js';

// -- configuration

export { builtins } from './builtins/builtins.js';
export { type AssembleOptions, assemblePools } from './config/assemblePools.js';
export type { ConfigOptions } from './config/code/configOptions.js';
export { defineConfig } from './config/code/defineConfig.js';
export type { OperatorPart, UsedData } from './config/code/operatorPart.js';
export type { Part, TypedData } from './config/code/part.js';
export { pool } from './config/code/pool.js';
export type { OverflowPart, PoolOptions, SchedulePart } from './config/code/poolOptions.js';
export type { Config, LogLevel } from './config/config.js';
export { decodeConfig } from './config/decodeConfig.js';
export { type ComponentDescription, describeComponents, type KeyDescription } from './config/describeComponents.js';
export { loadConfig } from './config/loadConfig.js';
export type { LoadDeps, LoadedConfig } from './config/loadedConfig.js';
export { loadValue } from './config/loadValue.js';
export { loadUserModules } from './config/modules/loadUserModules.js';
export type { PoolConfig } from './config/poolConfig.js';
export type { ConfigDocument, Place } from './config/read/configDocument.js';
export { ConfigError } from './config/report/configError.js';
export { type DrawnSource, drawProblems } from './config/report/drawProblems.js';
export type { Path } from './config/report/pathOf.js';
export type { Problem } from './config/report/problem.js';
export { problemsOf } from './config/report/problemsOf.js';
export { configSchema } from './config/schema/configSchema.js';
export type { AnyOperator, UsedModules } from './plugin-config/usedModules.js';

// -- components, as functions

export type { CodeOptions } from './builtins/codeOptions.js';
export { type CodeComponent, inCode } from './builtins/inCode.js';
export { type ScenarioGunOptions, scenarioGun } from './builtins/scenarioGun.js';
export {
  composite,
  constant,
  csv,
  discard,
  dummy,
  fileSink,
  fileSource,
  http,
  httpJson,
  inlineSource,
  instanceStep,
  jittered,
  jsonlines,
  jsonValues,
  line,
  logSamples,
  mixed,
  nodeFetch,
  num,
  once,
  phout,
  poissonArrivals,
  raw,
  retag,
  sampled,
  step,
  trace,
  unlimited,
  uri,
  uripost,
  urlSource,
} from './builtins/vocabulary.js';
export { type SinkFromFunctionOptions, sinkFromFunction } from './data/sinkFromFunction.js';
export { type SourceFromFunctionOptions, sourceFromFunction } from './data/sourceFromFunction.js';

// -- plans

export { type RatePlanOptions, ratePlan } from './schedules/ratePlan.js';
export { timesPlan } from './schedules/timesPlan.js';
export type { TraceFormat, TraceOptions, TraceUnit } from './schedules/trace/traceOptions.js';
export { tracePlan } from './schedules/tracePlan.js';

// -- codecs of their options

export type { Advise } from './codec/advised.js';
export { atLeast } from './codec/atLeast.js';
export { atLeastMs } from './codec/atLeastMs.js';
export { atMost } from './codec/atMost.js';
export { byteSize } from './codec/byteSize.js';
export { type CheckedOptions, checked } from './codec/checked.js';
export type { Codec } from './codec/codec.js';
export { defaultsOf } from './codec/defaultsOf.js';
export { duration } from './codec/duration.js';
export { type Endpoint, endpoint } from './codec/endpoint.js';
export type { Field } from './codec/field.js';
export { flag } from './codec/flag.js';
export type { Flaw, FlawCode } from './codec/flaw.js';
export { float } from './codec/float.js';
export { type Header, header, headers } from './codec/headers.js';
export { integer } from './codec/integer.js';
export { ipAddress } from './codec/ipAddress.js';
export type { JsonSchema } from './codec/jsonSchema.js';
export { listOf } from './codec/listOf.js';
export { mapOf } from './codec/mapOf.js';
export { nonEmpty } from './codec/nonEmpty.js';
export { oneOf } from './codec/oneOf.js';
export { optional } from './codec/optional.js';
export { regex } from './codec/regex.js';
export { required } from './codec/required.js';
export { type AboutScalar, type Parsed, scalar } from './codec/scalar.js';
export { type Fields, type Struct, type StructOf, struct } from './codec/struct.js';
export { text } from './codec/text.js';
export { unsigned } from './codec/unsigned.js';
export { url } from './codec/url.js';
export { urlPath } from './codec/urlPath.js';
export { type WholeFlaw, wholly } from './codec/wholly.js';
export { type SchemaOf, withSchema } from './codec/withSchema.js';

// -- nouns

export type { Aggregator } from './core/aggregator.js';
export type { Ammo } from './core/ammo.js';
export type { Armoury, GunContext } from './core/armoury.js';
export type { ComponentKind, ComponentKinds, Middleware } from './core/component.js';
export { type Cursor, DONE, PENDING, type Polled } from './core/cursor.js';
export type { DataSink, DataSource } from './core/data.js';
export type { Deps, Log, Random } from './core/deps.js';
export { ElpisError, type ElpisErrorOptions, ERROR_CODES, type ErrorCode, isElpisError } from './core/errors.js';
export type { Gun } from './core/gun.js';
export type { OperatorPoint, PoolOperator } from './core/operatorPoint.js';
export type { Plan } from './core/plan.js';
export type { Report } from './core/report.js';
export type { Sample } from './core/sample.js';
export type { Share } from './core/share.js';
export type { Shot } from './core/shot.js';
export type { Tick } from './core/tick.js';
export type { TimedSample } from './core/timedSample.js';
export type { Bytes, EpochMs, Millis, Nanos, PerSecond } from './core/units.js';
export { Pullable, type PullableOptions } from './coreutil/pullable.js';
export type { EmptyAmmo } from './protocols/emptyAmmo.js';
export { type HttpAmmo, isHttpAmmo } from './protocols/httpAmmo.js';
export type { HttpRequest } from './protocols/httpRequest.js';
export type { JsonAmmo } from './protocols/jsonAmmo.js';
export { NET_CODE } from './protocols/netCode.js';
export { NET_FAILURE, type NetFailure } from './protocols/netFailure.js';
export { netFailureOf } from './protocols/netFailureOf.js';
export { NetSample, type Outcome, type SampleScope } from './protocols/netSample.js';
export type { NumberAmmo } from './protocols/numberAmmo.js';
export { type ToHttpAmmoOptions, toHttpAmmo } from './protocols/toHttpAmmo.js';
export type { Exchange, Transport, Transports } from './protocols/transport.js';
export { TransportResponse } from './protocols/transportResponse.js';

// -- components of your own

export { defineOperator, type OperatorDefinition } from './engine/defineOperator.js';
export type { NamedOperator, PoolOperators } from './engine/poolOperators.js';
export type { PointOperator, PoolPoints } from './engine/poolPoints.js';
export type { Chosen } from './plugin/chosen.js';
export type { ChosenOperator } from './plugin/chosenOperator.js';
export { type AnyDescriptor, defineComponent } from './plugin/defineComponent.js';
export type { Descriptor, OperatorCodecs, PluginCodecs } from './plugin/descriptor.js';
export { isPlan } from './plugin/isPlan.js';
export type { OperatorDescriptor } from './plugin/operatorDescriptor.js';
export { Registry } from './plugin/registry.js';
export { ammoFrom } from './providers/ammoFrom.js';
