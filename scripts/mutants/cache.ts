import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A hash of some texts, in their order. */
export function hashOf(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 32);
}

/** Results by the hash of what they depend on, in one JSON file. Entries that a run did not ask for are dropped. */
export class Cache<T> {
  readonly #file: string;
  readonly #old: ReadonlyMap<string, T>;
  readonly #kept = new Map<string, T>();

  /** @param fresh starts with no entries, whatever the file holds */
  constructor(file: string, fresh = false) {
    this.#file = file;
    this.#old = new Map(fresh ? [] : read<T>(file));
  }

  get(key: string): T | undefined {
    const value = this.#kept.get(key) ?? this.#old.get(key);
    if (value !== undefined) this.#kept.set(key, value);
    return value;
  }

  set(key: string, value: T): void {
    this.#kept.set(key, value);
  }

  /** @param keepAll keeps the entries that were not asked for too: what a run of a part of the files does */
  save(keepAll: boolean): void {
    const entries = keepAll ? [...new Map([...this.#old, ...this.#kept])] : [...this.#kept];
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(entries));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function read<T>(file: string): [string, T][] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as [string, T][];
  } catch {
    return [];
  }
}
