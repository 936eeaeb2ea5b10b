import type { Millis } from '../../../core/units.js';
import type { ProcessReading } from '../../../measure/processReading.js';
import type { ThresholdState } from '../../../measure/runVerdict.js';
import type { Window } from '../../../measure/window.js';
import { formatClock, formatCount } from '../../../report/format.js';
import { pointOf, type Spread } from '../../../view/point.js';
import { processorsOf } from '../../../view/processSeries.js';
import type { LogKind } from '../../../view/runLog.js';
import { workersText } from '../../../view/workerRow.js';
import { bytesText, msText, percentText } from '../figures.js';
import { box, cell, fit, type Line, lineWidth, type Span, span, type Tone, title } from '../line.js';
import { type Shown, shownPools, subject } from './shown.js';

/** From here on the delay of the generator is shown as a warning: the limit of the quality of a run. */
const LATE_MS = 10;
const BUSY = 0.9;

/** Facts in as many lines as there are, each as full as it can be; what does not fit is left out. */
function flow(facts: readonly Line[], width: number, height: number): readonly Line[] {
  const lines: Line[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    if (last !== undefined && lineWidth(last) + lineWidth(fact) + 3 <= width)
      lines[lines.length - 1] = [...last, span('   '), ...fact];
    else if (lines.length < height) lines.push([span(' '), ...fact]);
    else break;
  }
  return box(lines, width, height);
}

const fact = (name: string, value: string, tone: Tone = 'plain'): Line => [span(`${name} `, 'dim'), span(value, tone)];

const late = (ms: Millis | undefined): Tone => ((ms ?? 0) > LATE_MS ? 'bad' : 'good');
const busy = (part: number): Tone => (part > BUSY ? 'warn' : 'plain');

/** Delays of the generator and its event loop. */
function delayFacts(recent: Window): readonly Line[] {
  const { lateness, slotWait, loopDelay, loopUtilization } = pointOf(recent);
  const ms = (spread: Spread | null): string => (spread === null ? '-' : `${msText(spread.p99)} ms`);
  const waits: Tone = (slotWait?.p99 ?? 0) > LATE_MS ? 'warn' : 'plain';
  return [
    fact('late p99', ms(lateness), late(lateness?.p99)),
    fact('slot wait p99', ms(slotWait), waits),
    ...(loopDelay === null ? [] : [fact('loop p99', ms(loopDelay), late(loopDelay.p99))]),
    ...(loopUtilization === null ? [] : [fact('loop busy', percentText(loopUtilization), busy(loopUtilization))]),
  ];
}

function processFacts(reading: ProcessReading): readonly Line[] {
  const { openFiles, openFilesLimit: limit } = reading;
  const near = openFiles !== null && limit !== null && openFiles > BUSY * limit;
  return [
    fact('cpu', percentText(processorsOf(reading)), busy(processorsOf(reading))),
    fact('memory', bytesText(reading.rssBytes)),
    fact('gc', `${msText(reading.longestGcPauseMs)} ms`, late(reading.longestGcPauseMs)),
    ...(openFiles === null
      ? []
      : [
          fact(
            'files',
            `${formatCount(openFiles)}${limit === null ? '' : ` of ${formatCount(limit)}`}`,
            near ? 'bad' : 'plain',
          ),
        ]),
  ];
}

/** The generator itself: whether its numbers can be trusted. */
export function healthPanel(shown: Shown, recent: Window, width: number, height: number): readonly Line[] {
  const reading = shown.view.process.at(-1)?.reading;
  const threads = shownPools(shown).flatMap((pool) => pool.threads);
  const ended = threads.reduce((sum, thread) => sum + thread.ended, 0);
  const parts = threads.map((thread) => percentText(ended > 0 ? thread.ended / ended : null));
  const absent = shown.view.workers.some(({ phase }) => phase === 'lost' || phase === 'silent');
  const facts = [
    ...(absent ? [fact('workers', workersText(shown.view.workers), 'bad')] : []),
    ...delayFacts(recent),
    ...(reading === undefined ? [] : processFacts(reading)),
    ...(parts.length === 0 ? [] : [fact('threads', parts.join(' '))]),
    ...[...subject(shown).untagged.counters].map(([name, count]) => fact(name, formatCount(count))),
  ];
  return [title('generator', width), ...flow(facts, width, Math.max(0, height - 1))].slice(0, height);
}

const STATUS: Readonly<Record<ThresholdState['status'], readonly [text: string, tone: Tone]>> = {
  pending: ['wait', 'dim'],
  passes: ['pass', 'good'],
  fails: ['FAIL', 'bad'],
};

const unitText = (value: number | null, unit: string): string =>
  value === null ? '-' : `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;

function thresholdLine(state: ThresholdState, width: number): Line {
  const [text, tone] = state.violated ? (['FAIL', 'bad'] as const) : STATUS[state.status];
  const margin = state.margin === null ? '' : `margin ${Math.round(state.margin * 100)} %`;
  const where = state.pool === undefined ? '' : `${state.pool}: `;
  const right: Line = [
    span(cell(unitText(state.value, state.unit), 12, 'right'), 'bold'),
    span(cell(margin, 16, 'right'), tone),
  ];
  return fit([...fit([span(` ${text} `, tone), span(where + state.condition)], width - 29), ...right], width);
}

/** The thresholds with their values and margins, the failed ones first, then those with the least margin. */
export function thresholdsPanel({ view, state }: Shown, width: number, height: number): readonly Line[] {
  const rank = ({ violated, status, margin }: ThresholdState): number =>
    violated ? -2e9 : status === 'fails' ? -1e9 : (margin ?? 1e9);
  const states = view.thresholds
    .filter(({ pool }) => state.pool === undefined || pool === undefined || pool === state.pool)
    .toSorted((a, b) => rank(a) - rank(b));
  const failed = states.filter(({ violated, status }) => violated || status === 'fails').length;
  const note = `${failed === 0 ? 'none' : failed} of ${states.length} failed`;
  return box([title('thresholds', width, note), ...states.map((one) => thresholdLine(one, width))], width, height);
}

const KINDS: Readonly<Record<LogKind, Tone>> = {
  warning: 'warn',
  remark: 'plain',
  command: 'accent',
  stopped: 'warn',
  threshold: 'bad',
  observer: 'bad',
  failure: 'bad',
};

/** The last lines of the log, and lines that other code has written to the terminal. */
export function logPanel(
  { view, state }: Shown,
  written: readonly string[],
  width: number,
  height: number,
): readonly Line[] {
  const start = view.startedAt ?? view.now;
  const entries = view.log
    .filter(({ pool }) => state.pool === undefined || pool === undefined || pool === state.pool)
    .map(({ at, kind, pool, text }): Line => {
      const of: readonly Span[] = pool === undefined || view.pools.length < 2 ? [] : [span(`${pool}: `, 'dim')];
      return [
        span(` ${formatClock(Math.max(0, at - start))} `, 'dim'),
        span(`${cell(kind, 9)} `, 'dim'),
        ...of,
        span(text, KINDS[kind]),
      ];
    });
  const others = written.map((text): Line => [span('       output    ', 'dim'), span(text, 'dim')]);
  const room = Math.max(0, height - 1);
  const shownLines = [...others.slice(-Math.floor(room / 2)), ...entries].slice(-room);
  return box(
    [title('log', width, entries.length > room ? `${entries.length} lines` : ''), ...shownLines],
    width,
    height,
  );
}
