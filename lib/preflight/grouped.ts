/** A number for people: 50,000. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
