import type { DataSource } from '../../core/data.js';
import { inShare, type Log, type Share } from '../../core/deps.js';
import type { Bytes } from '../../core/units.js';
import { ammoError } from './ammoError.js';
import { type Batch, type BatchDecoder, decodeBatches, decodeStep, type Row } from './batchDecoder.js';

/** What a decoded row is taken to need besides its bytes. */
const ROW_BYTES = 256;

/** Keeps the rows of the first pass for the passes after it, as long as they fit. */
class RowCache<R> {
  #rows: R[] | undefined = [];
  #weight = 0;

  /** @param capacity How much memory the rows may take, estimated. */
  constructor(private readonly capacity: number) {}

  add({ rows, bytes }: Batch<R>): void {
    if (this.#rows === undefined) return;
    this.#weight += bytes + rows.length * ROW_BYTES;
    if (this.#weight > this.capacity) this.#rows = undefined;
    else for (const row of rows) this.#rows.push(row);
  }

  /** Every row so far, or undefined when they were too many. */
  get all(): readonly R[] | undefined {
    return this.#rows;
  }
}

/** How ammo is read: from where, how often, and which of it. */
interface ReadingOptions<R extends Row> {
  readonly source: DataSource;
  /** A new decoder for each pass. */
  readonly decoder: () => BatchDecoder<R>;
  /** How many rows; 0 for no limit. Counted before `chosenCases` are chosen, but after it with `preload`. */
  readonly limit: number;
  /** How many times the source is read; 0 for endlessly. */
  readonly passes: number;
  /** Only rows with one of these tags; all when empty. */
  readonly chosenCases: readonly string[];
  /** Decode everything before the first row is handed out, and keep it. */
  readonly preload: boolean;
  /** True when a single pass over an empty source is a clean end, not an error. */
  readonly emptyPassAllowed: boolean;
  /** Which stripe of the rows; all other rows are for other processes. */
  readonly share: Share;
  readonly log: Log;
}

/** Rows for this process. */
export interface StripedBatch<R> {
  readonly rows: readonly R[];
  /** Their numbers from 1 in the whole run; undefined when no rows are left out, so that they are just counted. */
  readonly ids: readonly number[] | undefined;
  /** How many bytes the rows hold on to. */
  readonly bytes: Bytes;
}

/**
 * Takes the rows of one share: those whose index in the whole run is in its stripe. Ids keep the numbering of the whole
 * run; a row that can't be shot has none and answers 0.
 */
export class ShareFilter<R extends Row> {
  #index = 0;
  #id = 0;

  constructor(private readonly share: Share) {}

  of(rows: readonly R[], bytes: Bytes): StripedBatch<R> | undefined {
    if (this.share.of <= 1) return { rows, ids: undefined, bytes };
    const mine: R[] = [];
    const ids: number[] = [];
    for (const row of rows) {
      if (row.problem === undefined) this.#id++;
      if (!inShare(this.share, this.#index++)) continue;
      mine.push(row);
      ids.push(row.problem === undefined ? this.#id : 0);
    }
    return mine.length === 0 ? undefined : { rows: mine, ids, bytes };
  }
}

/** Decoded ammo of up to this size is kept after the first pass, so that further passes cost nothing. */
const KEEP: Bytes = 64 * 1024 * 1024;

/**
 * One reading of a source of ammo: its passes, the limit, the chosen cases and the share of this process. `next` answers
 * at once when the rows are in memory, else with a promise; undefined is the end.
 */
export class AmmoReader<R extends Row> {
  readonly #chosen: ReadonlySet<string>;
  readonly #stripe: ShareFilter<R>;
  readonly #abort = new AbortController();
  #pass: Iterator<Batch<R>> | AsyncIterator<Batch<R>> | undefined;
  #kept: RowCache<R>;
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
    this.#stripe = new ShareFilter(share);
    this.#kept = new RowCache(preload ? Number.POSITIVE_INFINITY : passes === 1 ? 0 : KEEP);
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
    this.#kept = new RowCache(0);
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
