/** How samples are written as JSON. */
export interface JsonOptions {
  /** Sort the keys of every object. Default false: the order of {@link sampleFields}. */
  readonly sortMapKeys?: boolean;
  /**
   * Round fractions to 6 digits in samples of a shape of their own. The times of network samples always have 6 digits.
   * Default false.
   */
  readonly marshalFloatWith6Digits?: boolean;
}
