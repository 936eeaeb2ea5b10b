import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Codec } from '../codec/issue.js';
import type { ReferenceSource } from '../codec/text/substitute.js';
import type { Aggregator } from '../core/aggregator.js';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import type { Tick } from '../core/plan.js';
import type { Shot } from '../core/shot.js';
import type { NetSample } from '../protocols/netSample.js';
import type { ConfiguredComponent, ConfiguredOperator } from './configured.js';
import type { Exports } from './moduleCodec.js';

/** The type of the values at each point of a pool. */
export interface PoolPoints extends Record<OperatorPoint, unknown> {
  /** From the schedule to the ammo. */
  readonly ticks: Tick;
  /** From the ammo to the instances. */
  readonly shots: Shot<unknown>;
  /** From the instances to the results. */
  readonly samples: NetSample;
}

/** An operator that fits a point of a pool. */
export type PointOperator<P extends OperatorPoint> = MonoTypeOperatorFunction<PoolPoints[P]>;

/** A component as plain data, as in YAML. */
export interface TypedData {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** An operator as plain data that names a module, as in YAML. The path is relative to the config. */
export interface UsedData {
  readonly use: string;
  readonly [key: string]: unknown;
}

/**
 * A component inside another or in a config in code: made by a function such as `http(...)`, a value of your own that fulfils
 * the contract of its kind, or plain data as in YAML.
 */
export type Part<K extends ComponentKind> =
  | (K extends 'aggregator' ? Aggregator<never> : ComponentKinds[K])
  | ConfiguredComponent<K>
  | TypedData;

/** When things are due: one schedule, or several that are played in order. */
export type SchedulePart = Part<'schedule'> | readonly SchedulePart[];

/** A source: text is `stdin`, an http(s) address or the path of a file. */
export type SourcePart = Part<'source'> | string;

/** A sink: text is `stdout`, `stderr` or the path of a file. */
export type SinkPart = Part<'sink'> | string;

/**
 * An operator in a config in code: any RxJS operator that fits its point, or plain data as in YAML. In a config that runs in
 * several threads each thread applies it to its share of the run.
 */
export type OperatorPart<P extends OperatorPoint> = PointOperator<P> | ConfiguredOperator<P> | TypedData | UsedData;

/** For each kind, the codec that reads a component of it: `{ type, ... }`, a shorthand, or a value of code. */
export interface PartCodecs {
  readonly schedule: Codec<ConfiguredComponent<'schedule'>, SchedulePart>;
  readonly provider: Codec<ConfiguredComponent<'provider'>, Part<'provider'>>;
  readonly gun: Codec<ConfiguredComponent<'gun'>, Part<'gun'>>;
  readonly aggregator: Codec<ConfiguredComponent<'aggregator'>, Part<'aggregator'>>;
  readonly source: Codec<ConfiguredComponent<'source'>, SourcePart>;
  readonly sink: Codec<ConfiguredComponent<'sink'>, SinkPart>;
  readonly middleware: Codec<ConfiguredComponent<'middleware'>, Part<'middleware'>>;
  readonly observer: Codec<ConfiguredComponent<'observer'>, Part<'observer'>>;
  /** Reads the path or package of a module of the user, written in the key `use` of a component, into its exports. */
  readonly module: Codec<Exports, string>;
  /** Where the values of `${...}` references come from, for files that a component reads when its options are decoded. */
  readonly references: ReferenceSource;
  /** By the point where they stand. */
  readonly operator: { readonly [P in OperatorPoint]: Codec<ConfiguredOperator<P>, OperatorPart<P>> };
}
