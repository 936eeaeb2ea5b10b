let readings = 0;

/**
 * While a config in code is being read, a component with wrong options is not refused on the spot: the check of the whole
 * config tells every flaw at once, each with its place.
 */
export const lenient = {
  /** Is lenient until `body` has settled. */
  async during<T>(body: () => Promise<T>): Promise<T> {
    readings++;
    try {
      return await body();
    } finally {
      readings--;
    }
  },

  /** True inside {@link lenient.during}. */
  now(): boolean {
    return readings > 0;
  },
};
