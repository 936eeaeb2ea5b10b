/** How what is left to chance is repeated. */
export interface Seeded {
  /** The same seed gives the same plan; a whole number. Default 1. */
  readonly seed?: number;
}
