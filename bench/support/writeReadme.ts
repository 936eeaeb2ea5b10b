import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROWS } from '../rows/rows.js';
import { budgetsOf, keeps } from './budgets.js';
import { ROOT } from './folders.js';
import { type Result, readResults } from './results.js';

const BEGIN = '<!-- results: written by npm run bench -->';
const END = '<!-- end of results -->';

function show(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function table(result: Result): string {
  const budgets = budgetsOf(result.row);
  const lines = result.figures.map((figure) => {
    const budget = budgets.find((one) => one.figure === figure.name);
    const limit =
      budget === undefined
        ? ''
        : budget.atLeast === undefined
          ? `≤ ${show(budget.atMost ?? 0)}`
          : `≥ ${show(budget.atLeast)}`;
    const verdict = budget === undefined ? '' : keeps(budget, result) ? 'kept' : '**missed**';
    return `| ${figure.name} | ${show(figure.value)} ${figure.unit} | ${limit} | ${verdict} |`;
  });
  const skipped = result.skipped.length > 0 ? `; not there: ${result.skipped.join(', ')}` : '';
  return `### ${result.title}

\`npm run bench -- ${result.row}\`, ${result.date}, ${result.rounds} rounds of ${result.seconds} s${skipped}

| figure | median | target | |
| --- | ---: | ---: | --- |
${lines.join('\n')}
`;
}

/** Writes the last results into bench/README.md, between its two marks. */
export function writeReadme(): void {
  const file = join(ROOT, 'bench', 'README.md');
  const text = readFileSync(file, 'utf8');
  const results = readResults();
  const tables = ROWS.map(({ name }) => results.find(({ row }) => row === name)).filter((one) => one !== undefined);
  const versions = Object.assign({}, ...tables.map((one) => one.versions)) as Record<string, string>;
  const machines = [...new Set(tables.map((one) => one.machine))];
  const about = `Machine: ${machines.join('; ')}. Versions: ${Object.values(versions).join(', ')}.\n`;
  const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  const after = text.slice(text.indexOf(END));
  writeFileSync(file, `${before}\n\n${[about, ...tables.map(table)].join('\n')}\n${after}`);
}
