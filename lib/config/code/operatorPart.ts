import type { OperatorPoint } from '../../core/operatorPoint.js';
import type { PointOperator } from '../../engine/poolPoints.js';
import type { ChosenOperator } from '../../plugin/chosenOperator.js';
import type { TypedData } from './part.js';

/** An operator as plain data that names a module; what YAML would say. The path is relative to the config. */
export interface UsedData {
  readonly use: string;
  readonly [key: string]: unknown;
}

/**
 * An operator in a config in code: any RxJS operator that fits its point, or plain data as in YAML. In a config that runs in
 * several threads each thread applies it to its share of the run.
 */
export type OperatorPart<P extends OperatorPoint> = PointOperator<P> | ChosenOperator<P> | TypedData | UsedData;
