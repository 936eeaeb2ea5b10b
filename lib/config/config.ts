import type { OverflowPolicy } from '../../operators/firing/overflow.js';
import type { Issue } from '../codec/issue.js';
import type { OperatorPoint } from '../core/component.js';
import type { Millis } from '../core/units.js';
import type { JudgingOptions } from '../engine/judgement.js';
import type { ConfiguredComponent, ConfiguredOperator } from '../plugin/configured.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import type { Registry } from '../plugin/registry.js';
import type { CapacityConfig } from './capacityCodec.js';
import type { Document } from './document.js';
import type { UsedFile } from './fileIssues.js';
import type { MeshConfig } from './meshCodec.js';

/** A configured pool: its components are chosen and checked, not yet made. */
export interface PoolConfig {
  readonly id: string;
  readonly ammo: ConfiguredComponent<'provider'>;
  readonly result: readonly ConfiguredComponent<'aggregator'>[];
  readonly gun: ConfiguredComponent<'gun'>;
  readonly rps: ConfiguredComponent<'schedule'>;
  readonly startup: ConfiguredComponent<'schedule'>;
  /** Every instance follows its own copy of `rps`. */
  readonly rpsPerInstance: boolean;
  /** The user's own operators, at each point in the order in which values pass them. */
  readonly operators: { readonly [P in OperatorPoint]: readonly ConfiguredOperator<P>[] };
  /** The handling of operations that are due while no instance is free. */
  readonly overflow: OverflowPolicy;
  /** True when they are discarded. */
  readonly discardOverflow: boolean;
  /** The longest wait for ammo after the end of its plan; 0: no limit. */
  readonly tailLimit: Millis;
  /** How exactly shots start at their times: by timers, or by polling the clock in the last part of every wait. */
  readonly pacing: 'relaxed' | 'precise';
  /** Whether practice shots are played and first connections are opened before the run; `auto`: both with precise pacing. */
  readonly runUp: 'auto' | 'always' | 'in-memory' | 'never';
}

/** The levels of a log, as in Pandora; `dpanic`, `panic` and `fatal` show only the rarest errors. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'dpanic' | 'panic' | 'fatal';

/** The second stage of a config: decoded and checked, with its defaults, its components chosen and not yet made. */
export interface Config {
  readonly pools: readonly PoolConfig[];
  readonly log: {
    readonly level: LogLevel;
    /** `stdout`, `stderr` or the path of a file, to which it is appended. */
    readonly file: string;
  };
  readonly monitoring: {
    readonly expvar: { readonly enabled: boolean; readonly port: number; readonly host: string };
    readonly cpuprofile: { readonly enabled: boolean; readonly file: string };
    readonly memprofile: { readonly enabled: boolean; readonly file: string };
  };
  /** The observers of the run. */
  readonly observers: readonly ConfiguredComponent<'observer'>[];
  /** The number of bad and failed exchanges that are kept of each pool, tag and reason; 0 for none. */
  readonly keepExchanges: number;
  /** The file of the record of the run; null for none. */
  readonly record: string | null;
  /** How many threads share the run. */
  readonly threads: number;
  /** Of several threads, one that sends nothing for so long is given up. */
  readonly threadTimeout: Millis;
  /** How several machines share the run; null when none do. */
  readonly mesh: MeshConfig | null;
  /** Seed of all random numbers; null when each run has its own. */
  readonly seed: number | null;
  /** The search for the capacity of a pool, which then plays the schedule of the search; null: none. */
  readonly capacity: CapacityConfig | null;
  /** The thresholds of the run, and what fails it by its verdict. With a search they judge its rates, not the run. */
  readonly judging: Required<JudgingOptions>;
  /** Modules with the user's own components, as written. */
  readonly plugins: readonly string[];
  /** The files that its components read and write. */
  readonly files: readonly UsedFile[];
  /** The warnings, each with its place. */
  readonly warnings: readonly Issue[];
  /** The document from which it was read. */
  readonly document: Document;
  /** The components that the config can select: the given ones and those of the user's modules. */
  readonly registry: Registry;
  /** The modules that its operators and ammo name by `use`. */
  readonly used: UsedModules;
}
