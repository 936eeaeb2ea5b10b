/** Samples on their way to a sink, already taken down (nothing of a sample is kept), a few at a time. */
export interface Batch<S> {
  /** Number of samples added since the last `take`. */
  readonly size: number;
  /** Takes a sample down. False when there is no room: `take` first. An empty batch has room for any sample. */
  add(sample: S): boolean;
  /** Whole lines of what was added, as bytes that belong to the caller; the batch is empty afterwards. */
  take(): Uint8Array;
}
