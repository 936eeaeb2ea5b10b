/** Milliseconds since the Unix epoch, as a float: what `scheduler.now()` returns. */
export type EpochMs = number;

/** A length of time in milliseconds, as a float. */
export type Millis = number;

/** A length of time or an offset in whole nanoseconds; exact below 2^53 (104 days). */
export type Nanos = number;

/** A count of bytes. */
export type Bytes = number;

/** Operations (shots) per second. */
export type PerSecond = number;
