/**
 * Decodes the bytes of one pass into rows. Chunks may be cut anywhere; an incomplete item is kept for the next chunk.
 *
 * Rows are appended to `rows`. For a bad item, the method throws after it has appended the rows before it; the decoder
 * is then not called again.
 */
export interface BatchDecoder<R> {
  push(chunk: Uint8Array, rows: R[]): void;
  /** The bytes have ended. */
  end(rows: R[]): void;
}

/** Rows that were decoded together, and how many bytes they keep in memory. */
export interface Batch<R> {
  readonly rows: readonly R[];
  readonly bytes: number;
}

/** One decoded item of ammo, before it is counted; all passes share it. */
export interface Row {
  /** For `chosencases`; empty when there is none. */
  readonly tag: string;
  /** Why the item cannot be shot; such an item has no number. */
  readonly problem?: string | undefined;
}

/** The rows of one step of decoding: first the rows before a bad item, then its error. */
function* decodeStep<R>(step: (rows: R[]) => void, bytes: number): Generator<Batch<R>> {
  const rows: R[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    step(rows);
  } catch (error) {
    failure = { error };
  }
  if (rows.length > 0 || bytes > 0) yield { rows, bytes };
  if (failure !== undefined) throw failure.error;
}

/**
 * Decodes one pass, with a batch per chunk, so that the cost of a promise arises per chunk and not per row. It is a
 * generator and not a pipeline of ix, because rows that passed through `concatMap` stayed in memory until the next full
 * collection, which took half of the time (D-035).
 *
 * @example
 * declare const decoder: BatchDecoder<Row>;
 * for await (const { rows } of decodeBatches(fileSource({ path: './ammo.raw' }).open(), decoder)) console.log(rows.length);
 */
export async function* decodeBatches<R>(
  bytes: AsyncIterable<Uint8Array>,
  decoder: BatchDecoder<R>,
): AsyncIterable<Batch<R>> {
  for await (const chunk of bytes) yield* decodeStep<R>((rows) => decoder.push(chunk, rows), chunk.length);
  yield* decodeStep<R>((rows) => decoder.end(rows), 0);
}

/** Decodes one pass of bytes that are in memory, without promises. */
export function* decodeContent<R>(content: Uint8Array, decoder: BatchDecoder<R>): Iterable<Batch<R>> {
  yield* decodeStep<R>((rows) => decoder.push(content, rows), content.length);
  yield* decodeStep<R>((rows) => decoder.end(rows), 0);
}
