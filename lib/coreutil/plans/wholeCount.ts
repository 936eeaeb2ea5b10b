/** How many whole operations an amount is: cut off, but an error of rounding does not cost one. */
export function wholeCount(amount: number): number {
  const nearest = Math.round(amount);
  return Math.abs(nearest - amount) <= 1e-9 * Math.max(1, Math.abs(amount)) ? nearest : Math.trunc(amount);
}
