import type { ObservableInput, SchedulerLike } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import { defined } from '../../lib/core/defined.js';
import { inShare, type Share, WHOLE } from '../../lib/core/deps.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { BaseCursor, closeAll } from '../../lib/pull/baseCursor.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';
import { FairOrder } from './fairOrder.js';

/** One provider of a mix and its weight. */
export interface WeightedAmmo<A> {
  /** More than 0; only the relation to the other weights counts. */
  readonly weight: number;
  readonly ammo: ObservableInput<A>;
}

/** Options of {@link mixAmmo}. */
export interface MixAmmoOptions {
  /** What happens when one provider is finished: the mix ends too, or the others go on by their weights. Default `end`. */
  readonly whenOneEnds?: 'end' | 'continue';
  /**
   * The stripe of the mix that this process takes, for a run that several threads share. The providers must then be whole,
   * not striped themselves: all threads walk the same order and each takes its places in it. Default: all of it.
   */
  readonly share?: Share;
  /** Bounds of the backlog of a provider that pushes, and where errors of closing go. */
  readonly backlog?: BacklogOptions<unknown>;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Mixes several providers by weight into one, with exact shares: after any number of draws each provider has been drawn
 * within 1 of its share.
 *
 * ```text
 * a, weight 2                        a1 a2 a3 a4 ...      (pulled)
 * b, weight 1                        b1 b2 ...            (pulled)
 * mixAmmo([2 x a, 1 x b])            a1 b1 a2 a3 b2 a4 ...
 * ```
 *
 * - The order is deterministic and even, never drawn by lot. The rule is R. Tijdeman's ("The chairman assignment problem", Discrete
 *   Mathematics 32, 1980), which keeps each of n providers within 1 - 1/(2n - 2) of its share at any time; smooth weighted round
 *   robin, which load balancers use, may be off by more than 1.
 * - Demand: one draw from one provider for each that is asked of the mix, never ahead. While the provider whose turn it is
 *   has nothing yet, the mix waits for it; turns are never swapped. A provider that pushes is subscribed to when the mix is,
 *   and what comes too early waits in `backlog`.
 * - Completes when the provider whose turn it is has finished. With `continue` it is left out, the others share what comes
 *   from then on by their weights, and the mix completes after the last of them.
 * - An error of the provider whose turn it is passes through. Unsubscribing closes all providers, each once.
 * - Ammo that is given back is the next to be drawn. Ammo that is not needed any more is released to the provider that it
 *   came from.
 * - `id` keeps the numbering of the provider, so equal ids occur.
 * - Threads: hand whole providers and the thread's `share` to the mix; then the shares of all threads together are, ammo for
 *   ammo, the mix of one. The component `mix` of the config does. (With providers that are striped themselves, each thread
 *   mixes its stripes by the same weights, but in an order of its own.)
 *
 * Cost: O(providers) for each draw.
 *
 * @throws ElpisError `ELPIS_CONFIG` for no providers, or a weight that is not a number above 0.
 *
 * @example
 * const browse = uri({ uris: ['/', '/goods'] });
 * const order = uri({ uris: ['/order'] });
 * const shots = constant({ ops: 100, duration: '30s' }).pipe(
 *   zipAmmo(mixAmmo([{ weight: 95, ammo: browse }, { weight: 5, ammo: order }])),
 * );
 */
export function mixAmmo<A extends readonly unknown[]>(
  providers: readonly [...{ [K in keyof A]: WeightedAmmo<A[K]> }],
  options: MixAmmoOptions = {},
): Pullable<A[number]> {
  if (providers.length === 0) refuse('there are no providers to mix', 'hand in at least one { weight, ammo }');
  const weighted = providers as readonly WeightedAmmo<A[number]>[];
  weighted.forEach(({ weight }, i) => {
    if (!(weight > 0 && Number.isFinite(weight)))
      refuse(
        `weight ${weight} of provider ${i + 1} is not a number above 0`,
        'leave out a provider that is not wanted',
      );
  });
  return new Pullable<A[number]>(
    (scheduler) => new MixCursor(weighted, options, scheduler),
    defined({ scheduler: options.scheduler }),
  );
}

function refuse(message: string, hint: string): never {
  throw new ElpisError('ELPIS_CONFIG', `mixAmmo: ${message}`, { hint });
}

/** One of the providers of a mix. When its ammo is used again, it knows which ammo is its own. */
class WeightedSource<A> {
  readonly #lent: Map<A, number> | undefined;

  constructor(
    readonly weight: number,
    readonly cursor: Cursor<A>,
  ) {
    this.#lent = cursor.reuses ? new Map() : undefined;
  }

  /** Notes that this ammo is under way. */
  track(ammo: A): void {
    this.#lent?.set(ammo, (this.#lent.get(ammo) ?? 0) + 1);
  }

  /** Releases ammo that is not needed any more. False when it did not come from here. */
  release(ammo: A): boolean {
    const times = this.#lent?.get(ammo);
    if (times === undefined) return false;
    if (times === 1) this.#lent?.delete(ammo);
    else this.#lent?.set(ammo, times - 1);
    this.cursor.release(ammo);
    return true;
  }
}

/** Draws from several cursors in the fair order of their weights. */
class MixCursor<A> extends BaseCursor<A> {
  #sources: WeightedSource<A>[] = [];
  /** Those that are finished, whose ammo may still be under way. */
  readonly #finished: WeightedSource<A>[] = [];
  #order: FairOrder;
  /** Whose turn it is. */
  #turn: WeightedSource<A> | undefined;
  readonly #share: Share;
  /** Place in the order of all shares of the next draw. */
  #place = 0;
  readonly #continues: boolean;
  #closed = false;

  constructor(providers: readonly WeightedAmmo<A>[], options: MixAmmoOptions, scheduler: SchedulerLike) {
    super();
    const { whenOneEnds = 'end', share = WHOLE, backlog } = options;
    this.#continues = whenOneEnds === 'continue';
    this.#share = share;
    this.#order = new FairOrder(providers.map(({ weight }) => weight));
    try {
      for (const { weight, ammo } of providers)
        this.#sources.push(new WeightedSource(weight, openCursor(ammo, scheduler, backlog, 'ammo')));
    } catch (error) {
      this.close();
      throw error;
    }
    this.#turn = this.#next();
  }

  override get pushed(): boolean {
    return this.#sources.some(({ cursor }) => cursor.pushed);
  }

  override get reuses(): boolean {
    return [...this.#sources, ...this.#finished].some(({ cursor }) => cursor.reuses);
  }

  #next(): WeightedSource<A> | undefined {
    return this.#sources[this.#order.next()];
  }

  protected override draw(): Polled<A> {
    for (let source = this.#turn; source !== undefined; source = this.#turn) {
      const polled = source.cursor.poll();
      if (polled === PENDING) return PENDING;
      if (polled === DONE) {
        if (!this.#continues) return DONE;
        this.#leaveOut(source);
        continue;
      }
      this.#turn = this.#next();
      if (inShare(this.#share, this.#place++)) {
        source.track(polled);
        return polled;
      }
      source.cursor.release(polled);
    }
    return DONE;
  }

  /** The others share what comes from now on. */
  #leaveOut(finished: WeightedSource<A>): void {
    this.#finished.push(finished);
    this.#sources = this.#sources.filter((source) => source !== finished);
    this.#order = new FairOrder(this.#sources.map(({ weight }) => weight));
    this.#turn = this.#sources.length > 0 ? this.#next() : undefined;
  }

  override whenReady(wake: () => void): void {
    this.#turn?.cursor.whenReady(wake);
  }

  override release(ammo: A): void {
    if (!this.#sources.some((source) => source.release(ammo))) this.#finished.some((source) => source.release(ammo));
  }

  protected override drawable(): number | undefined {
    if (this.#turn === undefined || (!this.#continues && this.#turn.cursor.left() === 0)) return 0;
    const lefts = this.#sources.map(({ cursor }) => cursor.left() ?? Number.NaN);
    if (lefts.every((left) => left === Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    const sum = lefts.reduce((total, left) => total + left, 0);
    return this.#continues && this.#share.of === 1 && !Number.isNaN(sum) ? sum : undefined;
  }

  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // What was given back is released, so that no ammo of a source that is used elsewhere is lost.
    while (this.returned > 0) this.release(this.poll() as A);
    this.#turn = undefined;
    closeAll([...this.#sources, ...this.#finished].map(({ cursor }) => cursor));
  }
}
