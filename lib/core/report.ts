/** What an aggregator says about itself while it runs (progress) and once when it has closed (`final: true`). */
export interface Report {
  /** Name of the aggregator, such as `phout`. */
  readonly from: string;
  /** Number of samples received so far. */
  readonly received: number;
  /** Number of samples that could not be kept because a queue was full. More than 0 fails the run. */
  readonly dropped: number;
  /** True for the last report, sent when everything is flushed and closed. */
  readonly final: boolean;
  /** Whatever else the aggregator has to say, such as a summary. */
  readonly detail?: unknown;
}
