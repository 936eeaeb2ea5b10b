import type { ExchangeKeeper, OfferedExchange, Random } from '../core/deps.js';
import type { KeptExchange } from './keptExchange.js';

/** The largest number of pairs of a tag and a reason; exchanges of further ones are not kept. */
const MAX_KINDS = 100;
/** When no kind needs examples, the head and the body of one bad response in so many are kept. */
const RESPONSE_EVERY = 16;

/** The exchanges of one tag and reason. */
interface Kind {
  seen: number;
  /** A uniform sample of those after the first ones. */
  readonly later: KeptExchange[];
}

/** Options of an {@link ExchangeSampler}. */
export interface ExchangeSamplerOptions {
  /** For each tag and reason: how many of the first exchanges are kept, and how many of all later ones; at least 1. */
  readonly each: number;
  readonly random: Random;
}

/**
 * Keeps examples of bad and failed exchanges: for each tag and reason the first ones, which are passed on at once, and a uniform sample of
 * all later ones (reservoir sampling), which are passed on at the end.
 */
export class ExchangeSampler implements ExchangeKeeper {
  readonly #kinds = new Map<string, Kind>();
  /** False when the last exchange was of a kind with enough first examples. */
  #needed = true;
  #skipped = 0;
  #listener: ((exchange: KeptExchange) => void) | undefined;

  constructor(private readonly options: ExchangeSamplerOptions) {}

  /** Sets the receiver of the first exchanges of each kind. */
  listen(listener: (exchange: KeptExchange) => void): void {
    this.#listener = listener;
  }

  wantsResponse(): boolean {
    if (this.#needed) return true;
    this.#skipped = (this.#skipped + 1) % RESPONSE_EVERY;
    return this.#skipped === 0;
  }

  offer(tag: string, reason: string, make: () => OfferedExchange): void {
    const { each, random } = this.options;
    const key = `${reason}\n${tag}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      if (this.#kinds.size >= MAX_KINDS) return;
      kind = { seen: 0, later: [] };
      this.#kinds.set(key, kind);
    }
    kind.seen++;
    this.#needed = kind.seen < each;
    if (kind.seen <= each) {
      this.#listener?.({ tag, reason, ...make() });
      return;
    }
    const place = kind.later.length < each ? kind.later.length : Math.floor(random() * (kind.seen - each));
    if (place < each) kind.later[place] = { tag, reason, ...make() };
  }

  /** The sample of the later exchanges, which is empty from now on. */
  rest(): readonly KeptExchange[] {
    const all = [...this.#kinds.values()].flatMap(({ later }) => later.splice(0));
    return all.sort((a, b) => a.startedAt - b.startedAt);
  }
}
