/** A part of a whole in percent; a small part never looks like none. @example formatPercent(1, 30000) // '<0.01 %' */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return '-';
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.005) return '<0.01 %';
  return `${percent.toFixed(2)} %`;
}
