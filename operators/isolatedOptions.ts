/** What {@link isolated} tells about an aggregator that failed. */
export interface ReporterFailure {
  readonly kind: 'failure';
  readonly error: unknown;
  /** How many samples came after the failure, so that they are missing in its results; so far. */
  readonly missed: number;
}

/** How {@link isolated} treats a failure. */
export interface IsolatedOptions {
  /** Name of the aggregator in reports of its failure. Default: as in its own reports, else `isolated`. */
  readonly name?: string;
  /** Told at once, at most once. */
  readonly onFailure?: (error: unknown) => void;
  /** Whether the failure is passed on when the samples have completed, or only reported. Default `error`. */
  readonly atEnd?: 'error' | 'complete';
}
