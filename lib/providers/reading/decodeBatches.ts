// By file: the barrels of ix load two hundred modules, which takes a tenth of a second before the first shot.

import { from } from 'ix/asynciterable/asynciterablex';
import { concat } from 'ix/asynciterable/concat';
import { defer } from 'ix/asynciterable/defer';
import { concatMap } from 'ix/asynciterable/operators/concatmap';
import type { Batch } from './batch.js';
import type { BatchDecoder } from './batchDecoder.js';

/** The rows that one step of decoding makes; those before a bad item come first, then the error. */
export function* decodeStep<R>(step: (rows: R[]) => void, bytes: number): Generator<Batch<R>> {
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
 * Decodes one pass: a batch per chunk, so that the cost of asynchrony is paid per chunk and not per row.
 *
 * @example
 * declare const decoder: BatchDecoder<Row>;
 * for await (const { rows } of decodeBatches(fileSource('./ammo.raw').open(), decoder)) console.log(rows.length);
 */
export function decodeBatches<R>(bytes: AsyncIterable<Uint8Array>, decoder: BatchDecoder<R>): AsyncIterable<Batch<R>> {
  return concat(
    from(bytes).pipe(concatMap((chunk) => from(decodeStep<R>((rows) => decoder.push(chunk, rows), chunk.length)))),
    defer(() => from(decodeStep<R>((rows) => decoder.end(rows), 0))),
  );
}
