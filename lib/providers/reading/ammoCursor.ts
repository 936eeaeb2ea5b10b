import { DONE, PENDING, type Polled } from '../../core/cursor.js';
import type { Bytes } from '../../core/units.js';
import { BaseCursor } from '../../pull/baseCursor.js';
import { Ring } from '../../pull/ring.js';
import type { AmmoReader, StripedBatch } from './ammoReader.js';
import type { Row } from './batchDecoder.js';

/** Options of {@link AmmoCursor}. */
export interface AmmoCursorOptions<R, A> {
  /** Makes the ammo when it is taken. */
  readonly make: (row: R, id: number) => A;
  /** Decoding pauses while so many rows wait. Default 8192. */
  readonly queueSize?: number | undefined;
  /** Decoding pauses while rows of so many bytes wait. Default 8 MiB. */
  readonly queueBytes?: Bytes | undefined;
}

/**
 * Ammo from a bounded queue of decoded rows, which is filled in the background. A consumer never waits while rows are
 * in memory.
 */
export class AmmoCursor<R extends Row, A> extends BaseCursor<A> {
  readonly #ready = new Ring<StripedBatch<R>>();
  readonly #make: (row: R, id: number) => A;
  readonly #queueSize: number;
  readonly #queueBytes: Bytes;
  #rows: readonly R[] = [];
  #ids: readonly number[] | undefined;
  #at = 0;
  #lastId = 0;
  #readyRows = 0;
  #readyBytes = 0;
  #fetching = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(
    private readonly reading: AmmoReader<R>,
    { make, queueSize = 8192, queueBytes = 8 * 1024 * 1024 }: AmmoCursorOptions<R, A>,
  ) {
    super();
    this.#make = make;
    this.#queueSize = queueSize;
    this.#queueBytes = queueBytes;
    this.#fill();
  }

  protected override draw(): Polled<A> {
    if (this.#at === this.#rows.length && !this.#nextBatch()) {
      if (this.#failure !== undefined) throw this.#failure.error;
      return this.#closed || (this.reading.ended && !this.#fetching) ? DONE : PENDING;
    }
    const at = this.#at++;
    const row = this.#rows[at] as R;
    if (this.#ids !== undefined) return this.#make(row, this.#ids[at] as number);
    return this.#make(row, row.problem === undefined ? ++this.#lastId : 0);
  }

  /** Takes the next batch that is ready, if there is one, and starts decoding more. */
  #nextBatch(): boolean {
    let batch = this.#ready.shift();
    if (batch !== undefined) this.#readyRows -= batch.rows.length;
    if (batch !== undefined) this.#readyBytes -= batch.bytes;
    this.#fill();
    if (batch === undefined) {
      batch = this.#ready.shift();
      if (batch === undefined) return false;
      this.#readyRows -= batch.rows.length;
      this.#readyBytes -= batch.bytes;
    }
    this.#rows = batch.rows;
    this.#ids = batch.ids;
    this.#at = 0;
    return true;
  }

  /** Decodes rows until the queue is full or the source has no bytes ready. */
  #fill(): void {
    try {
      while (this.#wanted()) {
        const next = this.reading.next();
        if (next instanceof Promise) {
          this.#fetching = true;
          next.then(
            (batch) => this.#arrived(batch),
            (error: unknown) => this.#failed(error),
          );
        } else if (next !== undefined) this.#queue(next);
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  #wanted(): boolean {
    if (this.#closed || this.#fetching || this.#failure !== undefined || this.reading.ended) return false;
    return this.#readyRows < this.#queueSize && this.#readyBytes < this.#queueBytes;
  }

  #queue(batch: StripedBatch<R>): void {
    this.#ready.push(batch);
    this.#readyRows += batch.rows.length;
    this.#readyBytes += batch.bytes;
  }

  #arrived(batch: StripedBatch<R> | undefined): void {
    this.#fetching = false;
    if (this.#closed) return;
    if (batch !== undefined) this.#queue(batch);
    this.#fill();
    this.#awake();
  }

  #failed(error: unknown): void {
    this.#fetching = false;
    if (this.#closed) return;
    this.#failure = { error };
    this.#awake();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  override whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  protected override drawable(): number | undefined {
    if (this.#closed) return 0;
    if (!this.reading.ended || this.#fetching || this.#failure !== undefined) return undefined;
    return this.#rows.length - this.#at + this.#readyRows;
  }

  override close(): void {
    if (this.#closed) return;
    super.close();
    this.#closed = true;
    this.#wake = undefined;
    this.#rows = [];
    this.#at = 0;
    while (this.#ready.shift() !== undefined);
    this.#readyRows = this.#readyBytes = 0;
    this.reading.close();
  }
}
