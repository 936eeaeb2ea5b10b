import type { Cursor, Polled } from '../../lib/core/cursor.js';

/** What is different in a {@link derivedCursor}. */
export interface Derivation<T> {
  /** Draws the next value from the source. */
  readonly draw: () => Polled<T>;
  /** How many values are left, by what the source says of its own. */
  readonly left: (ofSource: number | undefined) => number | undefined;
  /** The value of the source behind a value that was drawn. */
  readonly original: (value: T) => T;
}

/**
 * A cursor over another one that changes what is drawn and keeps all that a cursor can do besides, as far as the source
 * can. A value that is given back is kept as it was drawn, so nothing is changed twice.
 */
export function derivedCursor<T>(source: Cursor<T>, { draw, left, original }: Derivation<T>): Cursor<T> {
  const returned: T[] = [];
  return {
    poll: () => returned.pop() ?? draw(),
    whenReady: (wake) => source.whenReady(wake),
    close: () => source.close(),
    giveBack: (value) => {
      returned.push(value);
    },
    onDemand: () => returned.length === 0 && source.onDemand?.() === true,
    finish: () => source.finish?.(),
    release: (value) => source.release?.(original(value)),
    // A source that never says how many are left must not look as if it did: who asks listens to it in another way.
    ...(source.left === undefined
      ? {}
      : {
          left: () => {
            const drawable = left(source.left?.());
            return drawable === undefined ? undefined : drawable + returned.length;
          },
        }),
  };
}
