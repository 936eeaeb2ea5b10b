import type { ObservableInput, SchedulerLike } from 'rxjs';
import { A_LIST, A_STREAM, AN_OBJECT, checkArgument } from '../../lib/core/argument.js';
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
  /** Above 0; only the ratio to the other weights matters. */
  readonly weight: number;
  readonly ammo: ObservableInput<A>;
}

/** Options of {@link mixAmmo}. */
export interface MixAmmoOptions {
  /**
   * The effect of the completion of one provider: the mix ends, or the others continue by their weights. Default
   * `end`.
   */
  readonly whenOneEnds?: 'end' | 'continue';
  /**
   * The share of the mix that this process takes, when several threads share a run. The providers must then be whole,
   * not shares themselves: all threads compute the same order, and each takes its places in it. Default: the whole
   * mix.
   */
  readonly share?: Share;
  /** Bounds of the backlog of a provider that pushes, and the receiver of errors of closing. */
  readonly backlog?: BacklogOptions<unknown>;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Mixes several providers by weight into one, with exact shares: after any number of draws, the draws of each
 * provider differ from its share by less than 1. Like `merge` of RxJS, but by demand and in a fixed order.
 *
 * ```text
 * a, weight 2                        a1 a2 a3 a4 ...      (pulled)
 * b, weight 1                        b1 b2 ...            (pulled)
 * mixAmmo([2 x a, 1 x b])            a1 b1 a2 a3 b2 a4 ...
 * ```
 *
 * - The order is deterministic and even, never random. The rule is R. Tijdeman's ("The chairman assignment problem", Discrete
 *   Mathematics 32, 1980), which keeps each of n providers within 1 - 1/(2n - 2) of its share at any time; smooth
 * weighted round robin, as in load balancers, may deviate by more than 1.
 * - Demand: one draw from one provider for each draw from the mix, never ahead. While the next provider in the order
 *   has no value yet, the mix waits for it; the order does not change. A provider that pushes is subscribed to when
 * the mix is, and early values wait in `backlog`.
 * - Completes when the next provider in the order has completed. With `continue` that provider is left out, the others share the
 *   following draws by their weights, and the mix completes after the last of them.
 * - An error of the next provider in the order passes through. Unsubscribing closes all providers, each once.
 * - Ammo that is given back is the next to be drawn. Released ammo is released to the provider that it was drawn from.
 * - `id` is the number of the ammo in its provider, so equal ids occur.
 * - Threads: pass whole providers and the thread's `share` to the mix. The shares of all threads together are then exactly the
 *   mix of one thread. The component `mix` of the config does this. (With providers that are shares themselves, each thread mixes
 *   its shares by the same weights, but in its own order.)
 *
 * Cost: O(providers) for each draw.
 *
 * @param providers At least one, each with its weight.
 * @param options The effect of a completion, the share, the backlog and the scheduler.
 * @see [merge](https://rxjs.dev/api/index/function/merge)
 * @see {@link zipAmmo}
 * @throws ElpisError `ELPIS_CONFIG` for no providers, or a weight that is not a number above 0.
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
  checkArgument('mixAmmo', 'providers', providers, A_LIST);
  if (providers.length === 0)
    refuse('there are no providers; expected at least one', 'pass { weight, ammo } for each provider');
  const weighted = providers as readonly WeightedAmmo<A[number]>[];
  weighted.forEach((provider, i) => {
    checkArgument('mixAmmo', `provider ${i + 1}`, provider, AN_OBJECT);
    const { weight, ammo } = provider;
    if (!(weight > 0 && Number.isFinite(weight)))
      refuse(
        `the weight of provider ${i + 1} cannot be ${weight}; expected a number above 0`,
        'leave out a provider that should not be used',
      );
    checkArgument('mixAmmo', `the ammo of provider ${i + 1}`, ammo, A_STREAM);
  });
  return new Pullable<A[number]>(
    (scheduler) => new MixCursor(weighted, options, scheduler),
    defined({ scheduler: options.scheduler }),
  );
}

function refuse(message: string, hint: string): never {
  throw new ElpisError('ELPIS_CONFIG', `mixAmmo: ${message}`, { hint });
}

/** One of the providers of a mix. If it reuses ammo, the ammo drawn from it is tracked. */
class WeightedSource<A> {
  readonly #drawn: Map<A, number> | undefined;

  constructor(
    readonly weight: number,
    readonly cursor: Cursor<A>,
  ) {
    this.#drawn = cursor.reuses ? new Map() : undefined;
  }

  /** Records that this ammo was drawn and is not released. */
  track(ammo: A): void {
    this.#drawn?.set(ammo, (this.#drawn.get(ammo) ?? 0) + 1);
  }

  /** Releases ammo. Returns false when it was not drawn from this provider. */
  release(ammo: A): boolean {
    const times = this.#drawn?.get(ammo);
    if (times === undefined) return false;
    if (times === 1) this.#drawn?.delete(ammo);
    else this.#drawn?.set(ammo, times - 1);
    this.cursor.release(ammo);
    return true;
  }
}

/** Draws from several cursors in the fair order of their weights. */
class MixCursor<A> extends BaseCursor<A> {
  #sources: WeightedSource<A>[] = [];
  /** Providers that have completed; some of their ammo may not be released yet. */
  readonly #finished: WeightedSource<A>[] = [];
  #order: FairOrder;
  /** The next provider in the order. */
  #turn: WeightedSource<A> | undefined;
  readonly #share: Share;
  /** Place of the next draw in the order of all shares. */
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

  /** The others share the draws from now on. */
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
    const remaining = this.#sources.map(({ cursor }) => cursor.left() ?? Number.NaN);
    if (remaining.every((left) => left === Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    const sum = remaining.reduce((total, left) => total + left, 0);
    return this.#continues && this.#share.of === 1 && !Number.isNaN(sum) ? sum : undefined;
  }

  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Ammo that was given back is released, so that its source can reuse it.
    while (this.returned > 0) this.release(this.poll() as A);
    this.#turn = undefined;
    closeAll([...this.#sources, ...this.#finished].map(({ cursor }) => cursor));
  }
}
