/** Which way a column leans. */
export type Align = 'left' | 'right';

/**
 * Rows as lines, columns two spaces apart and as wide as their widest cell. Lines have no trailing blanks.
 *
 * @param align How each column leans; the rest leans right.
 * @example
 * formatTable([['a', '1'], ['bcd', '23']], ['left']); // ['a     1', 'bcd  23']
 */
export function formatTable(rows: readonly (readonly string[])[], align: readonly Align[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return align[column] === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
