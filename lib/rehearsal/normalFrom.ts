import type { Random } from '../core/deps.js';

/**
 * Standard normal values from uniform ones.
 *
 * Formula: `sqrt(-2 ln(1 - U1)) * cos(2 pi U2)`; the second value is the sine. Source: G. Box, M. Muller, A Note on the
 * Generation of Random Normal Deviates (1958).
 */
export function normalFrom(random: Random): () => number {
  let spare = 0;
  let hasSpare = false;
  return () => {
    hasSpare = !hasSpare;
    if (!hasSpare) return spare;
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
