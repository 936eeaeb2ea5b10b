// By file: the barrels of ix load two hundred modules, which takes a tenth of a second before the first shot.
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
  /** How many rows; 0 for no limit. Counted before `chosenCases` are chosen, but after it with `preload` or `limitChosen`. */
  readonly limit: number;
  /** The limit counts the rows of the chosen cases only. Default false. */
  readonly limitChosen?: boolean;
  /** How many times the source is read; 0 for endlessly. */
  readonly passes: number;
  /** Only rows with one of these tags; all when empty. */
  readonly chosenCases: readonly string[];
  /** Decode everything before the first row is returned, and keep it. */
  readonly preload: boolean;
  /** True when a single pass over an empty source is a clean end, not an error. */
  readonly emptyPassAllowed: boolean;
  /** Which stripe of the rows; all other rows are for other processes. */
  readonly share: Share;
  readonly log: Log;
  /** What happens to bad items. It is called at each pass, and when the totals are to be reported. */
  readonly troubles: BadAmmoPolicy;
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
 * run; a row that cannot be shot has no id, and 0 stands for it.
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
const MAX_CACHED_BYTES: Bytes = 64 * 1024 * 1024;

/** Rows of a pass that are kept for the passes after it. */
interface KeptPass<R> {
  readonly all: readonly R[];
  readonly chosen: readonly R[];
}

/**
 * One reading of a source of ammo: its passes, the limit, the chosen cases and the share of this process.
 *
 * ```text
 * source -> chunks -> decoder -> batches of rows -> again, pass by pass -> limit, chosen cases, share -> batches for here
 * ```
 *
 * The passes that are read from the source are a pipeline of ix, with the same steps for bytes that arrive and for bytes that
 * are in memory. Once all rows of a pass are kept, the passes after it come from {@link AmmoReader.next} directly: ammo of one
 * row has a pass per shot (D-035).
 */
export class AmmoReader<R extends Row> {
  readonly #chosen: ReadonlySet<string>;
  readonly #stripe: ShareFilter<R>;
  readonly #abort = new AbortController();
  readonly #passes: Iterator<StripedBatch<R>> | AsyncIterator<StripedBatch<R>>;
  #kept: RowCache<R>;
  #memory: KeptPass<R> | undefined;
  /** Rows that count toward the limit. */
  #counted = 0;
  #passesDone = 0;
  /** Rows decoded in the current pass. */
  #decoded = 0;
  #delivered = false;
  /** True when the limit or the last pass is reached: what was returned last is the end. */
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

  /** True when there will be no more batches. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * The next rows, at once when they are in memory, else as a promise; undefined at the end.
   *
   * @throws ElpisError when the ammo is bad or there is none; a promise is rejected with the same.
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
    // Nothing that the source yields or throws is needed any more.
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

  /** The passes of a source whose bytes are in memory: the same, without promises. */
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

  /** Rows that were just decoded. */
  #take(batch: Batch<R>): StripedBatch<R> | undefined {
    if (this.#complete) return undefined;
    this.#decoded += batch.rows.length;
    this.#kept.add(batch);
    return this.options.preload ? undefined : this.#deal(batch.rows, this.#choose(batch.rows), batch.bytes);
  }

  /** Returns the chosen ones of some rows, as many as the limit lets. */
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
    if (all !== undefined) this.#memory = { all, chosen: this.#choose(all) };
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

  /** A whole pass, from memory. */
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
