/** What an {@link Encoder} answers when the line does not fit. */
export const NO_ROOM = -1;

/**
 * A line format: writes one sample as one whole line at `offset` and answers the offset after it, or {@link NO_ROOM}
 * when it does not fit; what it has written then does not count. It MUST NOT keep the sample.
 */
export type Encoder<S> = (sample: S, buffer: Buffer, offset: number) => number;
