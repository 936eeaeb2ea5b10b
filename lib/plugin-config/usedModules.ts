import type { Either } from 'fp-ts/lib/Either.js';
import type { OperatorPoint } from '../core/operatorPoint.js';
import type { OperatorDescriptor } from '../plugin/operatorDescriptor.js';

/** An operator of any point. */
export type AnyOperator = OperatorDescriptor<OperatorPoint, unknown>;

/**
 * The modules that operators of a config name by `use`, loaded, by what is written there: the operator that each exports,
 * or in a sentence why there is none.
 */
export type UsedModules = ReadonlyMap<string, Either<string, AnyOperator>>;
