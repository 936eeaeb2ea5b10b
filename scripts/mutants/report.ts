import type { Mutant } from './mutantsOf.js';
import type { Verdict } from './tryMutant.js';

/** A mutant that no spec can notice, with the reason. */
export interface Equivalent {
  readonly file: string;
  /** The line of the source, trimmed. */
  readonly code: string;
  /** The change, as the report shows it. */
  readonly mutant: string;
  /** Where the change is in its line, from 1: needed only when the line has the same change twice. */
  readonly column?: number;
  readonly because: string;
}

/** The result of one mutant. */
export interface Result {
  readonly mutant: Mutant;
  readonly verdict: Verdict['verdict'] | 'equivalent';
  readonly by?: string;
}

export const isSame = ({ file, code, mutant, column }: Equivalent, found: Mutant): boolean =>
  file === found.file && code === found.code && mutant === found.shown && (column ?? found.column) === found.column;

export interface Score {
  readonly killed: number;
  readonly survived: number;
  readonly notCovered: number;
  readonly equivalent: number;
  /** Percent of the mutants that are not equivalent. 100 when there are none. */
  readonly percent: number;
}

export function scoreOf(results: readonly Result[]): Score {
  const count = (verdict: Result['verdict']): number => results.filter((each) => each.verdict === verdict).length;
  const [killed, survived, notCovered] = [count('killed'), count('survived'), count('not covered')];
  const all = killed + survived + notCovered;
  const percent = all === 0 ? 100 : (100 * killed) / all;
  return { killed, survived, notCovered, equivalent: count('equivalent'), percent };
}

const row = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(44)}${cells.map((cell) => String(cell).padStart(12)).join('')}`;

const cellsOf = ({ killed, survived, notCovered, equivalent, percent }: Score): (string | number)[] => [
  ...[killed, survived, notCovered, equivalent],
  percent.toFixed(1),
];

/** The result as text: what survived, with its place, then a table with a row per file. */
export function reportOf(results: readonly Result[], stale: readonly Equivalent[]): string {
  const alive = results.filter(({ verdict }) => verdict === 'survived' || verdict === 'not covered');
  const places = alive.map(
    ({ mutant: { file, line, column, mutator, shown }, verdict }) =>
      `${file}:${line}:${column}  ${mutator}: ${shown}${verdict === 'survived' ? '' : ' (no spec runs it)'}`,
  );
  const files = [...new Set(results.map(({ mutant }) => mutant.file))].sort();
  const of = (file: string): Score => scoreOf(results.filter(({ mutant }) => mutant.file === file));
  const table = [
    row('file', ['killed', 'survived', 'not covered', 'equivalent', 'score %']),
    ...files.map((file) => row(file, cellsOf(of(file)))),
    row('all', cellsOf(scoreOf(results))),
  ];
  const unused = stale.map(
    ({ file, code, mutant }) => `equivalent.json names a mutant that is not there: ${file}: ${mutant} in ${code}`,
  );
  return [...places, '', ...table, ...unused].join('\n');
}
