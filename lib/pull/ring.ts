/**
 * A first-in first-out queue in a ring: constant cost per operation, for any number of items. It doubles when full,
 * so its owner MUST bound it.
 *
 * @example
 * const ring = new Ring<string>();
 * ring.push('a');
 * ring.shift(); // 'a'
 */
export class Ring<T> {
  #items: (T | undefined)[] = new Array(16);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item;
    this.#length++;
  }

  /** Takes the oldest item; `undefined` when there is none. When `undefined` may be an item, check `length` first. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#length--;
    return item;
  }

  #grow(): void {
    const size = this.#items.length;
    const larger: (T | undefined)[] = new Array(size * 2);
    for (let i = 0; i < size; i++) larger[i] = this.#items[(this.#head + i) & (size - 1)];
    this.#items = larger;
    this.#head = 0;
  }
}
