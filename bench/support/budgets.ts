import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './folders.js';
import type { Result } from './results.js';

/** A limit for one figure of one row. */
export interface Budget {
  readonly row: string;
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The budgets of a row. */
export function budgetsOf(row: string): Budget[] {
  const all = JSON.parse(readFileSync(join(ROOT, 'bench', 'budgets.json'), 'utf8')) as Budget[];
  return all.filter((budget) => budget.row === row);
}

/** Whether a result keeps a budget; undefined if the figure was not measured because its peer is not installed. */
export function keeps({ figure, atLeast, atMost }: Budget, result: Result): boolean | undefined {
  const value = result.figures.find(({ name }) => name === figure)?.value;
  if (value === undefined) return undefined;
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);
}
