/** Whether a check of a response passed. Its name is that of the check. */
export interface CheckMetric {
  readonly kind: 'check';
  readonly name: string;
  readonly passed: boolean;
}

/** A number that is added up, such as orders or items. */
export interface CounterMetric {
  readonly kind: 'counter';
  readonly name: string;
  /** A finite number from 0. */
  readonly value: number;
}

/** A level with its last, smallest and largest value, such as the length of a queue. */
export interface GaugeMetric {
  readonly kind: 'gauge';
  readonly name: string;
  /** Any finite number. */
  readonly value: number;
}

/** A condition with the share of its true values, such as hits of a cache. */
export interface RateMetric {
  readonly kind: 'rate';
  readonly name: string;
  readonly passed: boolean;
}

/** A number with its distribution, such as the size of a basket or a time that the target reports. */
export interface TrendMetric {
  readonly kind: 'trend';
  readonly name: string;
  /** Any finite number, in a unit that the name should contain. */
  readonly value: number;
}

/**
 * A measurement besides the times and codes of a sample: a check, or one of the four kinds of metrics. A sample carries a list of
 * them, and windows count them by kind and name.
 */
export type Metric = CheckMetric | CounterMetric | GaugeMetric | RateMetric | TrendMetric;

/** The list of a sample without metrics. */
export const NO_METRICS: readonly Metric[] = [];
