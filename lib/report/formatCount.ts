/** A count with commas between thousands. @example formatCount(1234567) // '1,234,567' */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}
