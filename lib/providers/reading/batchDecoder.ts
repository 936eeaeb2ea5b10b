/**
 * Turns the bytes of one pass into rows. Chunks may be cut anywhere; what is incomplete is kept for the next one.
 *
 * Rows are appended to `rows`. When an item is bad, those before it are there already and the method throws; the decoder
 * is then not called again.
 */
export interface BatchDecoder<R> {
  push(chunk: Uint8Array, rows: R[]): void;
  /** The bytes have ended. */
  end(rows: R[]): void;
}
