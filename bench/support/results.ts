import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../rows/row.js';
import { ROOT } from './folders.js';

/** The last result of a row. */
export interface Result {
  readonly row: string;
  readonly title: string;
  readonly date: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly skipped: readonly string[];
  readonly figures: readonly Figure[];
}

const FILE = join(ROOT, 'bench', 'results.json');

/** The last result of every row. */
export function readResults(): Result[] {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Result[]) : [];
}

/** Keeps a result in the place of the last one of its row. */
export function keepResult(result: Result): void {
  const others = readResults().filter(({ row }) => row !== result.row);
  writeFileSync(FILE, `${JSON.stringify([...others, result], null, 2)}\n`);
}
