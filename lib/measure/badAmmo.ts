/** Bad items of ammo of one kind. */
export interface BadAmmo {
  /** Stable name of what is wrong, such as `bad-uri`. */
  readonly kind: string;
  readonly count: number;
  /** The first items of this kind, each with its place and what is wrong. At most {@link SHOWN_PLACES}. */
  readonly first: readonly string[];
}

/** How many items of a kind are described, and how long such a description may be. */
export const SHOWN_PLACES = 3;
const LONGEST_SHOWN = 160;

/** Most kinds with a row of their own. Kinds belong to code, not to data, so more of them are a defect: they are counted together. */
const KIND_LIMIT = 100;
const OTHER_KINDS = '(other kinds)';

/** Counts bad items of ammo by kind, and keeps the first places of each. */
export class BadAmmoTotals {
  readonly #kinds = new Map<string, { count: number; readonly first: string[] }>();

  /**
   * @param kind Stable name of what is wrong.
   * @param place The item: its place and what is wrong.
   */
  add(kind: string, place: string): void {
    const shown = this.#kinds.has(kind) || this.#kinds.size < KIND_LIMIT ? kind : OTHER_KINDS;
    const known = this.#kinds.get(shown) ?? { count: 0, first: [] };
    this.#kinds.set(shown, known);
    known.count++;
    if (known.first.length >= SHOWN_PLACES) return;
    known.first.push(place.length > LONGEST_SHOWN ? `${place.slice(0, LONGEST_SHOWN)}...` : place);
  }

  /** The totals so far, in the order in which the kinds were found. */
  get all(): readonly BadAmmo[] {
    return [...this.#kinds].map(([kind, { count, first }]) => ({ kind, count, first: [...first] }));
  }
}

/** The sums of both, kind by kind. The places are those of `a`, then those of `b`, as many as are shown. */
export function mergeBadAmmo(a: readonly BadAmmo[], b: readonly BadAmmo[]): readonly BadAmmo[] {
  const merged = new Map(a.map((row) => [row.kind, row]));
  for (const row of b) {
    const known = merged.get(row.kind);
    const first = [...(known?.first ?? []), ...row.first].slice(0, SHOWN_PLACES);
    merged.set(row.kind, { kind: row.kind, count: (known?.count ?? 0) + row.count, first });
  }
  return [...merged.values()];
}
