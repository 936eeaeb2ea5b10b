// Imported by file: the barrels of ix load two hundred modules, which delays the first shot by a tenth of a second.
import { defer as deferAsync } from 'ix/asynciterable/defer';
import { doWhile as doWhileAsync } from 'ix/asynciterable/operators/dowhile';
import { filter as filterAsync } from 'ix/asynciterable/operators/filter';
import { map as mapAsync } from 'ix/asynciterable/operators/map';
import { defer } from 'ix/iterable/defer';
import { doWhile } from 'ix/iterable/operators/dowhile';
import { filter } from 'ix/iterable/operators/filter';
import { map } from 'ix/iterable/operators/map';
import type { DataSource } from '../../core/data.js';
import { inShare, type Log, type Share } from '../../core/deps.js';
import type { Bytes } from '../../core/units.js';
import { type AmmoError, ammoError, type BadAmmoPolicy } from './ammoError.js';
import { type Batch, type BatchDecoder, decodeBatches, decodeContent, type Row } from './batchDecoder.js';

/** The estimated memory of a decoded row besides its bytes. */
const ROW_BYTES = 256;

/** Keeps the rows of the first pass for later passes, if they fit. */
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

/** Options of {@link AmmoReader}. */
interface ReadingOptions<R extends Row> {
  readonly source: DataSource;
  /** A new decoder for each pass. */
  readonly decoder: () => BatchDecoder<R>;
  /** How many rows; 0 for no limit. Counted before `chosenCases` are chosen, but after it with `preload` or `limitChosen`. */
  readonly limit: number;
  /** The limit counts the rows of the chosen cases only. Default false. */
  readonly limitChosen?: boolean;
  /** How many times the source is read; 0: without end. */
  readonly passes: number;
  /** Only rows with one of these tags; all when empty. */
  readonly chosenCases: readonly string[];
  /** Decodes the whole source before the first row is returned, and keeps the rows. */
  readonly preload: boolean;
  /** True when a single pass over an empty source is a normal end, not an error. */
  readonly emptyPassAllowed: boolean;
  /** The share whose rows are returned. */
  readonly share: Share;
  readonly log: Log;
  /** The handling of bad items. It is called at each pass, and to report the totals. */
  readonly troubles: BadAmmoPolicy;
}

/** The rows of this share. */
export interface StripedBatch<R> {
  readonly rows: readonly R[];
  /** Their numbers from 1 in the whole run; undefined when the share has all rows, which are then counted. */
  readonly ids: readonly number[] | undefined;
  /** How many bytes the rows keep in memory. */
  readonly bytes: Bytes;
}

/**
 * Selects the rows of one share by their index in the whole run. Ids are those of the whole run; a row that cannot be
 * shot has the id 0.
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

/** Decoded ammo of up to this size is kept after the first pass, so that later passes cost nothing. */
const MAX_CACHED_BYTES: Bytes = 64 * 1024 * 1024;

/** Up to so many rows are one batch when passes over few rows are repeated without end. */
const BATCH_ROWS = 512;

/** The rows of a pass that are kept for later passes. */
interface KeptPass<R> {
  readonly all: readonly R[];
  readonly chosen: readonly R[];
}

/**
 * Reads a source of ammo: its passes, the limit, the chosen cases and the share.
 *
 * ```text
 * source -> chunks -> decoder -> batches of rows, pass by pass -> limit, chosen cases, share -> batches of this share
 * ```
 *
 * Passes that read the source are a pipeline of ix, with the same steps for bytes that arrive and for bytes in memory.
 * When all rows of a pass are kept, {@link AmmoReader.next} returns them for later passes without a pipeline, because
 * ammo of one row has a pass per shot (D-035).
 */
export class AmmoReader<R extends Row> {
  readonly #chosen: ReadonlySet<string>;
  readonly #stripe: ShareFilter<R>;
  readonly #abort = new AbortController();
  readonly #passes: Iterator<StripedBatch<R>> | AsyncIterator<StripedBatch<R>>;
  #kept: RowCache<R>;
  #memory: KeptPass<R> | undefined;
  /** The number of rows that count for the limit. */
  #counted = 0;
  #passesDone = 0;
  /** The number of rows decoded in the current pass. */
  #decoded = 0;
  #delivered = false;
  /** True when the limit or the last pass is reached: the last returned batch is the end. */
  #complete = false;
  #ended = false;

  constructor(private readonly options: ReadingOptions<R>) {
    const { source, chosenCases, share, passes, preload } = options;
    this.#chosen = new Set(chosenCases);
    this.#stripe = new ShareFilter(share);
    this.#kept = new RowCache(preload ? Number.POSITIVE_INFINITY : passes === 1 ? 0 : MAX_CACHED_BYTES);
    const { content } = source;
    this.#passes =
      content === undefined
        ? this.#readPasses()[Symbol.asyncIterator]()
        : this.#decodePasses(content)[Symbol.iterator]();
  }

  /** True when there are no more batches. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * The next rows: synchronously when they are in memory, otherwise as a promise; undefined at the end.
   *
   * @throws ElpisError when the ammo is bad or there is none; a promise is rejected with the same error.
   */
  next(): StripedBatch<R> | undefined | Promise<StripedBatch<R> | undefined> {
    if (this.#ended) return undefined;
    if (this.#memory !== undefined) return this.#replay(this.#memory);
    const next = this.#passes.next();
    return next instanceof Promise ? next.then((result) => this.#received(result)) : this.#received(next);
  }

  /** Stops reading and closes the source. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.options.troubles.report();
    this.#abort.abort();
    // Values and errors of the source are ignored from here on.
    const closed = this.#passes.return?.();
    if (closed instanceof Promise) closed.catch(() => undefined);
  }

  /** The decoder of the next pass. */
  #decoder(): BatchDecoder<R> {
    const { decoder, troubles } = this.options;
    troubles.startPass();
    return decoder();
  }

  /** The passes of a source whose bytes arrive. */
  #readPasses(): AsyncIterable<StripedBatch<R>> {
    const { source } = this.options;
    return deferAsync(() => decodeBatches(source.open(this.#abort.signal), this.#decoder())).pipe(
      doWhileAsync(() => this.#readAgain()),
      mapAsync((batch) => this.#take(batch)),
      filterAsync((batch) => batch !== undefined),
    );
  }

  /** The same passes without promises, for a source whose bytes are in memory. */
  #decodePasses(content: Uint8Array): Iterable<StripedBatch<R>> {
    return defer(() => decodeContent(content, this.#decoder())).pipe(
      doWhile(() => this.#readAgain()),
      map((batch) => this.#take(batch)),
      filter((batch) => batch !== undefined),
    );
  }

  #received({ done, value }: IteratorResult<StripedBatch<R>>): StripedBatch<R> | undefined {
    if (this.#ended) return undefined;
    if (this.#complete) this.close();
    if (done !== true) return value;
    return this.#ended || this.#memory === undefined ? undefined : this.#replay(this.#memory);
  }

  #choose(rows: readonly R[]): readonly R[] {
    return this.#chosen.size === 0 ? rows : rows.filter(({ tag }) => this.#chosen.has(tag));
  }

  /** Handles rows that were just decoded. */
  #take(batch: Batch<R>): StripedBatch<R> | undefined {
    if (this.#complete) return undefined;
    this.#decoded += batch.rows.length;
    this.#kept.add(batch);
    return this.options.preload ? undefined : this.#deal(batch.rows, this.#choose(batch.rows), batch.bytes);
  }

  /** Returns the chosen rows, up to the limit. */
  #deal(all: readonly R[], chosen: readonly R[], bytes: Bytes): StripedBatch<R> | undefined {
    const { limit, preload, limitChosen = preload } = this.options;
    const counted = limitChosen ? chosen : all;
    const room = limit === 0 ? Number.POSITIVE_INFINITY : limit - this.#counted;
    const delivered = counted.length <= room ? chosen : this.#choose(counted.slice(0, room));
    this.#counted += Math.min(counted.length, room);
    if (counted.length >= room) this.#complete = true;
    if (delivered.length === 0) return undefined;
    this.#delivered = true;
    return this.#stripe.of(delivered, bytes);
  }

  /** Called at the end of a pass over the source: true when the source is to be read again. */
  #readAgain(): boolean {
    const { source, passes, limit, preload, emptyPassAllowed, log } = this.options;
    this.options.troubles.report();
    if (this.#complete) return false;
    const { all } = this.#kept;
    if (all !== undefined) this.#memory = { all, chosen: this.#repeated(this.#choose(all)) };
    if (preload) {
      if (this.#memory?.chosen.length === 0) throw this.#noAmmo();
      return false;
    }
    const last = ++this.#passesDone === passes;
    if (this.#decoded === 0 && !(last && emptyPassAllowed)) throw this.#noAmmo();
    this.#complete = last || !source.rereadable;
    if (this.#complete) {
      if (!last) log.info(`${source.name} can be read only once, so there is one pass`);
      return false;
    }
    if (!this.#delivered && passes === 0 && limit === 0) throw this.#noAmmo();
    this.#decoded = 0;
    this.#kept = new RowCache(0);
    return this.#memory === undefined;
  }

  /** Several passes as one, when nothing counts them: otherwise ammo of one row would take a batch for each shot. */
  #repeated(chosen: readonly R[]): readonly R[] {
    const { passes, limit } = this.options;
    const times = passes === 0 && limit === 0 ? Math.floor(BATCH_ROWS / Math.max(1, chosen.length)) : 1;
    return times < 2 ? chosen : Array.from({ length: times }, () => chosen).flat();
  }

  /** Returns a whole pass from memory, or several. */
  #replay({ all, chosen }: KeptPass<R>): StripedBatch<R> | undefined {
    while (!this.#ended) {
      const batch = this.#deal(all, chosen, 0);
      if (++this.#passesDone === this.options.passes || this.#complete) this.close();
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  #noAmmo(): AmmoError {
    const { source, chosenCases } = this.options;
    if (this.#decoded === 0) {
      return ammoError('no-ammo', `${source.name}: it contains no ammo`, { hint: 'the file may be the wrong one' });
    }
    const cases = chosenCases.join(', ');
    return ammoError('no-ammo', `${source.name}: no ammo has a tag that chosencases lists: ${cases}`, {
      hint: 'tags are compared exactly, with case and blanks',
    });
  }
}
