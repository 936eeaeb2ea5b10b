/// <reference types="node" preserve="true" />
// -- running

export { type SummaryOptions, summary } from './aggregators/summary.js';
export { Redactor } from './core/redact.js';
export type { JudgingOptions } from './engine/judgement.js';
export type { NamedObserver } from './engine/observed.js';
export type { NamedAggregator, Pool } from './engine/pool.js';
export type {
  AnnouncedPool,
  PlayedEvent,
  PoolEvent,
  PoolProgress,
  RunEnding,
  RunEvent,
  RunFacts,
  RunFailure,
  RunObserver,
  ThreadWindow,
  WorkersEvent,
} from './engine/runEvent.js';
export type { Playback, RunHandle, StopOrder } from './engine/runHandle.js';
export type { RunOptions } from './engine/runOptions.js';
export { runPool } from './engine/runPool.js';
export { runPools } from './engine/runPools.js';
export type { CapacityEstimate, CapacityState, CapacityStep } from './measure/capacityState.js';
export type { Distribution, Histogram } from './measure/histogram.js';
export type { KeptExchange } from './measure/keptExchange.js';
export type { LoopFigures } from './measure/loopWatch.js';
export { type LoopReader, type LoopTimes, LoopWatch } from './measure/loopWatch.js';
export {
  type CounterCount,
  type GaugeCount,
  type RateCount,
  type TrendCount,
  trendPercentile,
  type WindowMetrics,
} from './measure/metrics.js';
export type { NotShot } from './measure/notShot.js';
export type { ProcessReading } from './measure/processReading.js';
export type { Otherwise, RunVerdict, ThresholdState, VerdictLevel, VerdictReason } from './measure/runVerdict.js';
export {
  type AppliedLoad,
  isSummarySnapshot,
  type LostShare,
  mergeSummaries,
  type PlannedLoad,
  plannedCounts,
  type SummaryFacts,
  type SummarySnapshot,
  summaryOf,
  type TagSummary,
  type ThreadShare,
} from './measure/summary.js';
export { REASON_CODES, type ReasonCode, type VerdictSettings } from './measure/verdict/limits.js';
export type { ProcessTotals } from './measure/verdict/processTotals.js';
export { type VerdictFacts, verdictOf } from './measure/verdict/verdictOf.js';
export { isWindow, type Window } from './measure/window.js';
export type { FailureCount, StatusCount, WindowCounts } from './measure/windowCounts.js';
export type { WorkerPhase, WorkerState } from './measure/workerState.js';
export { type EventJson, eventFromJson, eventToJson } from './record/eventJson.js';
export { type PlayOptions, playRecord } from './record/file/playRecord.js';
export { type RecordEventsOptions, type RunRecord, readRecord } from './record/file/readRecord.js';
export type { RecordHeader } from './record/recordHeader.js';
export type { MetricsJson, RateJson } from './report/metrics.js';
export type { RunOutcome } from './report/outcomeText.js';
export { type CountsJson, type PoolJson, type SummaryJson, summaryJson, type TimeJson } from './report/summaryJson.js';
export { summaryMarkdown } from './report/summaryMarkdown.js';
export { type SummaryTextOptions, summaryText } from './report/summaryText.js';
export { threshold } from './rules/parseThreshold.js';
export type {
  Comparator,
  Counted,
  Limit,
  Measure,
  OutcomeName,
  RateName,
  Statistic,
  Threshold,
  ThresholdScope,
  TimeName,
} from './rules/threshold.js';
export type { ThresholdMap, WrittenThreshold } from './rules/thresholdCodec.js';
export { violates } from './rules/violates.js';
export { type RunSettings, run } from './run/run.js';
export { type Run, type RunConfigOptions, runConfig } from './run/runConfig.js';

// -- configuration

export { builtins } from './builtins/builtins.js';
export { ConfigError, type DrawnSource, drawIssues, issueText } from './codec/report/configError.js';
export type { IssueSource, Place } from './codec/report/document.js';
export { issuesOf } from './codec/report/issues.js';
export type { Path } from './codec/report/path.js';
export type { ReferenceSource } from './codec/text/substitute.js';
export { type AssembleOptions, assemblePools } from './config/assemblePools.js';
export type { ConfigOptions, FittingPool, OverflowPart, PoolOptions } from './config/code/defineConfig.js';
export { defineConfig, pool } from './config/code/defineConfig.js';
export type { Config, LogLevel, PoolConfig } from './config/config.js';
export { type DecodeOptions, decodeConfig } from './config/decodeConfig.js';
export { type ComponentDescription, describeComponents, type KeyDescription } from './config/describeComponents.js';
export { type Document, type DocumentOptions, type DocumentSource, readDocument } from './config/document.js';
export type { CheckOptions, LoadDeps } from './config/loadConfig.js';
export { checkDocument, loadConfig, loadRegistry } from './config/loadConfig.js';
export { loadUserModules } from './config/modules/userModules.js';
export type { Overrides } from './config/overrides.js';
export { configSchema } from './config/schema/configSchema.js';
export type { Exports } from './plugin/moduleCodec.js';
export type { AnyOperator, UsedModule, UsedModules } from './plugin/operatorCodec.js';

// -- components: each is a function for code, and an entry of the registry

export * from './builtins/components.js';
export { scenarios } from './builtins/scenarios.js';
export {
  type SinkFromFunctionOptions,
  type SourceFromFunctionOptions,
  sinkFromFunction,
  sourceFromFunction,
} from './data/fromFunction.js';

// -- gRPC in code

export { GrpcClient, type GrpcClientOptions, grpcClient } from './guns/grpc/client.js';
export { MessageFault } from './protobuf/messageFault.js';
export { GrpcError } from './wire/grpc/grpcError.js';
export type { GrpcFailure } from './wire/grpc/grpcFailure.js';

// -- plans

export { timesPlan } from './plans/timesPlan.js';
export { type RatePlanOptions, ratePlan } from './schedules/ratePlan.js';
export type { TraceFormat, TraceOptions, TraceUnit } from './schedules/trace/readTimes.js';
export { tracePlan } from './schedules/trace.js';

// -- codecs of their options

export type { Advise } from './codec/advice.js';
export { atLeast, atMost, type CheckedOptions, checked } from './codec/bounds.js';
export { byteSize } from './codec/byteSize.js';
export { listOf, mapOf } from './codec/collections.js';
export { atLeastMs, duration } from './codec/duration.js';
export type { Codec, CodecIssue, Issue, IssueCode, IssueReason } from './codec/issue.js';
export { type Endpoint, endpoint, type Header, header, headers, ipAddress, url, urlPath } from './codec/net.js';
export {
  type AboutScalar,
  flag,
  float,
  integer,
  nonEmpty,
  oneOf,
  type Parsed,
  regex,
  scalar,
  text,
  unsigned,
} from './codec/scalars.js';
export type { JsonSchema } from './codec/schema.js';
export { type SchemaOf, withSchema } from './codec/schema.js';
export type { Fallback, Field } from './codec/struct.js';
export {
  defaultsOf,
  type Fields,
  type OptionalField,
  optional,
  refineStruct,
  required,
  type Struct,
  type StructOf,
  struct,
  type WrittenOf,
} from './codec/struct.js';

// -- nouns

export type { Aggregator, Report } from './core/aggregator.js';
export type { ComponentKind, ComponentKinds, Middleware, OperatorPoint, PoolOperator } from './core/component.js';
export type { ConnectionEnd, ConnectionWatch, ConnectPhases } from './core/connections.js';
export { type Cursor, DONE, PENDING, type Polled } from './core/cursor.js';
export type { DataSink, DataSource, SinkOpening } from './core/data.js';
export type { Deps, ExchangeKeeper, Log, OfferedExchange, Random, Share } from './core/deps.js';
export {
  ElpisError,
  type ElpisErrorOptions,
  ERROR_CODES,
  type ErrorCode,
  type ErrorContext,
  isElpisError,
} from './core/errors.js';
export type { Gun, GunContext, GunFactory } from './core/gun.js';
export type {
  CheckMetric,
  CounterMetric,
  GaugeMetric,
  Metric,
  RateMetric,
  TrendMetric,
} from './core/metric.js';
export type { Demand, Plan, Tick } from './core/plan.js';
export type { Provider } from './core/provider.js';
export type { TimedSample, Verdict } from './core/sample.js';
export type { Schedule, ScheduleOptions } from './core/schedule.js';
export type { Ammo, Shot } from './core/shot.js';
export type { Bytes, EpochMs, Millis, Nanos, PerSecond } from './core/units.js';
export type { ExactJson, ExactJsonMap } from './protocols/exactJson.js';
export {
  type GrpcAmmo,
  type GrpcCall,
  type GrpcMetadata,
  isGrpcAmmo,
  type ToGrpcAmmoOptions,
  toGrpcAmmo,
} from './protocols/grpc.js';
export type { HttpRequest, HttpTrailers } from './protocols/http.js';
export { type HttpAmmo, isHttpAmmo, type ToHttpAmmoOptions, toHttpAmmo } from './protocols/http.js';
export { NET_CODE, NET_FAILURE, type NetFailure, netFailureOf } from './protocols/netFailure.js';
export { NetSample, type NetSampleFields, type Outcome, type SampleScope } from './protocols/netSample.js';
export type { EmptyAmmo, JsonAmmo, NumberAmmo } from './protocols/plainAmmo.js';
export type { Exchange, Transport, Transports } from './protocols/transport.js';
export { TransportResponse } from './protocols/transport.js';
export { BaseCursor } from './pull/baseCursor.js';
export type { CloseErrorOptions } from './pull/closeError.js';
export { Pullable, type PullableOptions } from './pull/pullable.js';

// -- components of your own

export type { NamedOperator, PoolOperators } from './engine/pool.js';
export type { AnyComponent } from './plugin/anyComponent.js';
export {
  type AppliedOperator,
  type CodeArguments,
  type Component,
  type ComponentDefinition,
  component,
  defineOperator,
  type OperatorComponent,
  type OperatorDefinition,
} from './plugin/component.js';
export {
  CONFIGURED,
  type Configured,
  type ConfiguredComponent,
  type ConfiguredOperator,
  type MadeInCode,
  madeInCode,
} from './plugin/configured.js';
export { type Lazy, lazily } from './plugin/lazily.js';
export type {
  OperatorPart,
  Part,
  PartCodecs,
  PointOperator,
  PoolPoints,
  SchedulePart,
  SinkPart,
  SourcePart,
  TypedData,
  UsedData,
} from './plugin/part.js';
export type { PipelineValue } from './plugin/pipelineValue.js';
export { Registry } from './plugin/registry.js';
export type {
  AmmoFault,
  AmmoKind,
  ComponentTraits,
  ConnectionTraits,
  FileUse,
  Peek,
  PeekedAmmo,
} from './plugin/traits.js';
export { isPlan } from './plugin/userValue.js';
export { ammoFrom } from './providers/ammoFrom.js';
