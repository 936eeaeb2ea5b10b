// -- running
export { assemblePools } from './config/assemblePools.js';
export { runPool } from './engine/runPool.js';
export { runPools } from './engine/runPools.js';
export type { NamedAggregator, Pool } from './engine/pool.js';
export type { PoolProgress, RunEvent } from './engine/runEvent.js';
export type { RunOptions } from './engine/runOptions.js';
// -- nouns
export type { Aggregator } from './core/aggregator.js';
export type { Ammo } from './core/ammo.js';
export type { Armoury, GunContext } from './core/armoury.js';
export type { ComponentKind, ComponentKinds, Middleware } from './core/component.js';
export { type Cursor, DONE, PENDING, type Polled } from './core/cursor.js';
export type { DataSink, DataSource } from './core/data.js';
export type { Deps, Log, Random } from './core/deps.js';
export { ElpisError, type ErrorCode, ERROR_CODES, isElpisError } from './core/errors.js';
export type { Gun } from './core/gun.js';
export type { Plan } from './core/plan.js';
export type { Report } from './core/report.js';
export type { Sample } from './core/sample.js';
export type { Share } from './core/share.js';
export type { Shot } from './core/shot.js';
export type { Tick } from './core/tick.js';
export type { Bytes, EpochMs, Millis, Nanos, PerSecond } from './core/units.js';
