/** One entry per tag, up to a limit; all further tags share one. The tag that was asked for last is found without a look-up. */
export class TagTable<T> {
  /** The tag under which the samples of tags beyond the limit are counted. */
  static readonly OTHER = '(other tags)';

  readonly #entries = new Map<string, T>();
  #lastTag: string | undefined;
  #last: T | undefined;
  /** How many samples had a tag beyond the limit. */
  beyondLimit = 0;

  /**
   * @param limit Most tags told apart.
   * @param open Makes the entry of a new tag.
   * @param onLimit Called once, with the first tag beyond the limit.
   */
  constructor(
    private readonly limit: number,
    private readonly open: (tag: string) => T,
    private readonly onLimit?: (tag: string) => void,
  ) {}

  /** All entries by their tags, in the order in which they came. */
  get entries(): ReadonlyMap<string, T> {
    return this.#entries;
  }

  /**
   * The entry for the samples of a tag.
   *
   * @param samples How many samples are about to be counted. Default 1.
   */
  find(tag: string, samples = 1): T {
    if (tag === this.#lastTag) return this.#last as T;
    const found = this.#entries.get(tag);
    if (found === undefined && this.#entries.size >= this.limit && tag !== TagTable.OTHER)
      return this.#beyond(tag, samples);
    this.#lastTag = tag;
    this.#last = found ?? this.#add(tag);
    return this.#last;
  }

  #beyond(tag: string, samples: number): T {
    if (this.beyondLimit === 0) this.onLimit?.(tag);
    this.beyondLimit += samples;
    return this.#entries.get(TagTable.OTHER) ?? this.#add(TagTable.OTHER);
  }

  #add(tag: string): T {
    const entry = this.open(tag);
    this.#entries.set(tag, entry);
    return entry;
  }
}
