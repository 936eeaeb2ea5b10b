import type { Bytes } from '../../core/units.js';
import { ammoError } from './ammoError.js';
import type { Batch } from './batch.js';
import { decodeBatches, decodeStep } from './decodeBatches.js';
import { KeptRows } from './keptRows.js';
import type { ReadingOptions } from './readingOptions.js';
import type { Row } from './row.js';
import { Stripe, type StripedBatch } from './stripe.js';

/** Decoded ammo of up to this size is kept after the first pass, so that further passes cost nothing. */
const KEEP: Bytes = 64 * 1024 * 1024;

/**
 * One reading of a source of ammo: its passes, the limit, the chosen cases and the share of this process. `next` answers
 * at once when the rows are in memory, else with a promise; undefined is the end.
 */
export class Reading<R extends Row> {
  readonly #chosen: ReadonlySet<string>;
  readonly #stripe: Stripe<R>;
  readonly #abort = new AbortController();
  #pass: Iterator<Batch<R>> | AsyncIterator<Batch<R>> | undefined;
  #kept: KeptRows<R>;
  /** All rows of a pass, and the chosen ones among them, once they are known and kept. */
  #memory: { readonly all: readonly R[]; readonly chosen: readonly R[] } | undefined;
  /** Rows that count toward the limit. */
  #counted = 0;
  #passesDone = 0;
  /** Rows decoded in the current pass. */
  #decoded = 0;
  #delivered = false;
  #ended = false;

  constructor(private readonly options: ReadingOptions<R>) {
    const { chosenCases, share, passes, preload } = options;
    this.#chosen = new Set(chosenCases);
    this.#stripe = new Stripe(share);
    this.#kept = new KeptRows(preload ? Number.POSITIVE_INFINITY : passes === 1 ? 0 : KEEP);
  }

  /** True when there will be no more batches. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The next rows. @throws ElpisError when the ammo is bad or there is none; a promise is rejected with the same. */
  next(): StripedBatch<R> | undefined | Promise<StripedBatch<R> | undefined> {
    if (this.#ended) return undefined;
    if (this.#memory !== undefined) return this.#replay(this.#memory);
    const { content } = this.options.source;
    return content === undefined ? this.#read() : this.#readNow(content);
  }

  /** Stops reading and closes the source. */
  close(): void {
    this.#ended = true;
    const pass = this.#pass;
    this.#pass = undefined;
    this.#abort.abort();
    // The reading was given up, so how its source takes the end is of no interest any more.
    if (pass !== undefined) void Promise.resolve(pass.return?.()).catch(() => undefined);
  }

  async #read(): Promise<StripedBatch<R> | undefined> {
    while (!this.#ended) {
      const pass = this.#pass ?? this.#open();
      const result = await pass.next();
      if (this.#ended) return undefined;
      const batch = result.done === true ? this.#passEnds() : this.#take(result.value);
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  #open(): AsyncIterator<Batch<R>> {
    const { source, decoder } = this.options;
    const pass = decodeBatches(source.open(this.#abort.signal), decoder())[Symbol.asyncIterator]();
    this.#pass = pass;
    return pass;
  }

  #readNow(content: Uint8Array): StripedBatch<R> | undefined {
    while (!this.#ended) {
      this.#pass ??= this.#decodeNow(content);
      const result = (this.#pass as Iterator<Batch<R>>).next();
      const batch = result.done === true ? this.#passEnds() : this.#take(result.value);
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  *#decodeNow(content: Uint8Array): Generator<Batch<R>> {
    const decoder = this.options.decoder();
    yield* decodeStep<R>((rows) => decoder.push(content, rows), content.length);
    yield* decodeStep<R>((rows) => decoder.end(rows), 0);
  }

  #choose(rows: readonly R[]): readonly R[] {
    return this.#chosen.size === 0 ? rows : rows.filter(({ tag }) => this.#chosen.has(tag));
  }

  /** Rows that were just decoded. */
  #take(batch: Batch<R>): StripedBatch<R> | undefined {
    this.#decoded += batch.rows.length;
    this.#kept.add(batch);
    return this.options.preload ? undefined : this.#deal(batch.rows, this.#choose(batch.rows), batch.bytes);
  }

  /** Hands out the chosen ones of some rows, as many as the limit lets. */
  #deal(all: readonly R[], chosen: readonly R[], bytes: Bytes): StripedBatch<R> | undefined {
    const { limit, preload } = this.options;
    const counted = preload ? chosen : all;
    const room = limit === 0 ? Number.POSITIVE_INFINITY : limit - this.#counted;
    const dealt = counted.length <= room ? chosen : this.#choose(counted.slice(0, room));
    this.#counted += Math.min(counted.length, room);
    if (counted.length >= room) this.close();
    if (dealt.length === 0) return undefined;
    this.#delivered = true;
    return this.#stripe.of(dealt, bytes);
  }

  #passEnds(): StripedBatch<R> | undefined {
    const { source, passes, preload, emptyPassAllowed } = this.options;
    this.#pass = undefined;
    const all = this.#kept.all;
    if (all !== undefined) this.#memory = { all, chosen: this.#choose(all) };
    if (preload) {
      if (this.#memory?.chosen.length === 0) this.#fail();
      return this.#memory === undefined ? undefined : this.#replay(this.#memory);
    }
    this.#passesDone++;
    const last = this.#passesDone === passes;
    if (this.#decoded === 0 && !(last && emptyPassAllowed)) this.#fail();
    if (last || !source.rereadable) {
      if (!last && passes !== 1) this.#tellReadOnce();
      this.close();
      return undefined;
    }
    if (!this.#delivered && passes === 0 && this.options.limit === 0) this.#fail();
    this.#decoded = 0;
    this.#kept = new KeptRows(0);
    return this.#memory === undefined ? undefined : this.#replay(this.#memory);
  }

  /** A whole pass, from memory. */
  #replay(memory: { readonly all: readonly R[]; readonly chosen: readonly R[] }): StripedBatch<R> | undefined {
    while (!this.#ended) {
      const batch = this.#deal(memory.all, memory.chosen, 0);
      this.#passesDone++;
      if (this.#passesDone === this.options.passes) this.close();
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  #tellReadOnce(): void {
    this.options.log.info(`${this.options.source.name} can be read only once, so there is one pass`);
  }

  #fail(): never {
    const { source, chosenCases } = this.options;
    this.close();
    if (this.#decoded === 0) {
      throw ammoError('no-ammo', `${source.name}: there is no ammo in it`, { hint: 'the file may be the wrong one' });
    }
    const cases = chosenCases.join(', ');
    throw ammoError('no-ammo', `${source.name}: no ammo has a tag that chosencases lists: ${cases}`, {
      hint: 'tags are compared exactly, with case and blanks',
    });
  }
}
