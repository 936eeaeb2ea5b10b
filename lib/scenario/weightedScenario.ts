import type { Scenario } from './scenario.js';

/** A scenario in a mix. */
export interface WeightedScenario {
  readonly scenario: Scenario;
  /** Its share, in relation to the weights of the others: any number above 0. Default 1. */
  readonly weight?: number;
}
