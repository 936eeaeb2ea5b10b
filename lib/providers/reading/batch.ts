/** Rows that were decoded together, and how many bytes they hold on to. */
export interface Batch<R> {
  readonly rows: readonly R[];
  readonly bytes: number;
}
