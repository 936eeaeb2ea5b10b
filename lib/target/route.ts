import type { Exchange } from './exchange.js';

/** Meaning and bounds of one number in a path. */
export interface RouteParameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Whether a fraction is allowed. Default false. */
  readonly fraction?: boolean;
}

/** One behaviour of the target, chosen by the first segment of the path: `/delay/250`. */
export interface Route {
  readonly parameters: readonly RouteParameter[];
  /** Called with as many numbers as there are parameters, each within its bounds. */
  handle(exchange: Exchange, ...numbers: number[]): void;
}
