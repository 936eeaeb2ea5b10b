/** Bad items of ammo of one kind. */
export interface BadAmmo {
  /** Stable name of the error, such as `bad-uri`. */
  readonly kind: string;
  readonly count: number;
  /** The first items of this kind, each with its place and its error. At most {@link SHOWN_PLACES}. */
  readonly first: readonly string[];
}

/** The largest number of described items of a kind, and the largest length of a description. */
export const SHOWN_PLACES = 3;
const MAX_SHOWN = 160;

/**
 * The largest number of kinds with their own row. Kinds come from code, not from data, so more of them are a defect:
 * they are counted together.
 */
const KIND_LIMIT = 100;
const OTHER_KINDS = '(other kinds)';

/** Counts bad items of ammo by kind, and keeps the first places of each. */
export class BadAmmoTotals {
  readonly #kinds = new Map<string, { count: number; readonly first: string[] }>();

  /**
   * @param kind Stable name of the error.
   * @param place The item: its place and its error.
   */
  add(kind: string, place: string): void {
    const shown = this.#kinds.has(kind) || this.#kinds.size < KIND_LIMIT ? kind : OTHER_KINDS;
    const known = this.#kinds.get(shown) ?? { count: 0, first: [] };
    this.#kinds.set(shown, known);
    known.count++;
    if (known.first.length >= SHOWN_PLACES) return;
    known.first.push(place.length > MAX_SHOWN ? `${place.slice(0, MAX_SHOWN)}...` : place);
  }

  /** The totals so far, in the order in which the kinds were found. */
  get all(): readonly BadAmmo[] {
    return [...this.#kinds].map(([kind, { count, first }]) => ({ kind, count, first: [...first] }));
  }
}

/** The sums of both, kind by kind. The places are those of `a`, then those of `b`, up to the limit. */
export function mergeBadAmmo(a: readonly BadAmmo[], b: readonly BadAmmo[]): readonly BadAmmo[] {
  const merged = new Map(a.map((row) => [row.kind, row]));
  for (const row of b) {
    const known = merged.get(row.kind);
    const first = [...(known?.first ?? []), ...row.first].slice(0, SHOWN_PLACES);
    merged.set(row.kind, { kind: row.kind, count: (known?.count ?? 0) + row.count, first });
  }
  return [...merged.values()];
}
