import type { WorkerPhase, WorkerRow } from '../../../measure/workerState.js';
import { formatCount } from '../../../report/format.js';
import { workersText } from '../../../view/workerRow.js';
import { msText, percentText, rateText } from '../figures.js';
import { box, cell, type Line, span, type Tone, title } from '../line.js';
import type { Shown } from './shown.js';

/** From here on the delay of a generator is shown as a warning: the limit of the quality of a run. */
const LATE_MS = 10;

const TONES: Readonly<Record<WorkerPhase, Tone>> = {
  ...{ preparing: 'dim', running: 'good', silent: 'warn', ended: 'dim', lost: 'bad' },
};
const RANKS: Readonly<Record<WorkerPhase, number>> = { lost: 0, silent: 1, preparing: 2, running: 3, ended: 4 };

/** Those that need attention first: lost and silent ones, then those with the largest delay. */
function sorted(workers: readonly WorkerRow[]): readonly WorkerRow[] {
  return workers.toSorted(
    (a, b) => RANKS[a.phase] - RANKS[b.phase] || Math.round((b.lateP99Ms ?? 0) - (a.lateP99Ms ?? 0)),
  );
}

const nameOf = ({ worker, host }: WorkerRow): string => (host === undefined ? worker : `${worker} on ${host}`);

const clockOf = ({ clockOffsetMs: offset, clockUncertaintyMs: uncertainty }: WorkerRow): string =>
  offset === undefined ? '-' : `${offset.toFixed(2)} ± ${(uncertainty ?? 0).toFixed(2)}`;

const COLUMNS = [
  { name: 'state', width: 10 },
  { name: 'per s', width: 9 },
  { name: 'late p99', width: 10 },
  { name: 'cpu', width: 8 },
  { name: 'clock, ms', width: 18 },
  { name: 'ended', width: 11 },
  { name: 'shares', width: 12 },
] as const;

/** The workers of a run: the worst first, as many as there is room for. */
export function workersPanel({ view }: Shown, width: number, height: number): readonly Line[] {
  const { workers } = view;
  // A narrow screen has the first columns.
  let columns = 0;
  let taken = 24;
  for (const column of COLUMNS) {
    taken += column.width;
    if (taken > width) break;
    columns++;
  }
  const used = COLUMNS.slice(0, columns).reduce((sum, column) => sum + column.width, 0);
  const nameWidth = Math.max(8, Math.min(40, width - used - 2));
  const row = (name: string, texts: readonly string[], tones: readonly Tone[] = []): Line => [
    span(` ${cell(name, nameWidth)}`, tones.length === 0 ? 'dim' : 'plain'),
    ...COLUMNS.slice(0, columns).map((column, i) =>
      span(cell(texts[i] ?? '', column.width, 'right'), tones[i] ?? 'dim'),
    ),
  ];
  const line = (worker: WorkerRow): Line => {
    const { phase, perSecond, lateP99Ms, cpu, ended, shares } = worker;
    const late: Tone = (lateP99Ms ?? 0) > LATE_MS ? 'bad' : 'plain';
    return row(
      nameOf(worker),
      [phase, rateText(perSecond), msText(lateP99Ms), percentText(cpu), clockOf(worker), formatCount(ended)].concat(
        shares.join(' '),
      ),
      [TONES[phase], 'bold', late, 'plain', 'dim', 'plain', 'dim'],
    );
  };
  const names = COLUMNS.map(({ name }) => name);
  return box(
    [title('workers', width, workersText(workers)), row('', names), ...sorted(workers).map(line)],
    width,
    height,
  );
}
