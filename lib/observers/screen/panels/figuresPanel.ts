import type { Window } from '../../../measure/window.js';
import { formatCount } from '../../../report/format.js';
import { pointOf, type Spread, spreadOf } from '../../../view/point.js';
import { bytesText, msText, percentText, rateText, sparkline } from '../figures.js';
import { box, cell, type Line, span, type Tone, title } from '../line.js';
import { type Shown, shownPools, subject, windowText } from './shown.js';

/** The rate that the plan asks for now; `null` without a plan. */
function plannedNow(shown: Shown): number | null {
  const rates = shownPools(shown).flatMap((pool) => (pool.phase === 'waiting' ? [] : [pool.plannedRateAt(shown.at)]));
  return rates.length === 0 || rates.some((rate) => rate === null)
    ? null
    : (rates as readonly number[]).reduce((sum, rate) => sum + rate, 0);
}

/** Planned, started and ended rate, instances and bytes, with the last seconds as bars. */
export function ratePanel(shown: Shown, recent: Window, width: number, height: number): readonly Line[] {
  const point = pointOf(recent);
  const { slots } = subject(shown).totals;
  const barWidth = Math.max(0, width - 20);
  const bars = (of: (slot: (typeof slots)[number]) => number | null): string =>
    sparkline(barWidth < 3 ? [] : slots.slice(-barWidth).map(of)).padStart(barWidth);
  const progress = shownPools(shown).flatMap((pool) => pool.progress ?? []);
  const sum = (of: (one: (typeof progress)[number]) => number): number =>
    progress.reduce((total, one) => total + of(one), 0);
  const row = (name: string, value: string, rest = '', tone: Tone = 'plain', restTone: Tone = 'accent'): Line => [
    span(` ${cell(name, 9)}`, 'dim'),
    span(cell(value, 9, 'right'), tone),
    span(` ${rest}`, restTone),
  ];
  const planned = point.plannedPerSecond;
  const short = planned !== null && point.startedPerSecond !== null && point.startedPerSecond < 0.95 * planned;
  const busy = sum(({ inFlight }) => inFlight);
  const instances = sum(({ instances: all }) => all);
  const grown = sum(({ instancesGrown }) => instancesGrown);
  const ofAll = `of ${formatCount(instances)}${grown > 0 ? ` +${formatCount(grown)}` : ''}`;
  return box(
    [
      title('operations per second', width),
      row(
        'planned',
        rateText(planned ?? plannedNow(shown)),
        bars(({ point: of }) => of.plannedPerSecond),
      ),
      row(
        'started',
        rateText(point.startedPerSecond),
        bars(({ point: of }) => of.startedPerSecond),
        short ? 'warn' : 'plain',
      ),
      row(
        'ended',
        rateText(point.endedPerSecond),
        bars(({ point: of }) => of.endedPerSecond),
        'bold',
      ),
      row('busy', formatCount(busy), ofAll, instances > 0 && busy >= instances ? 'warn' : 'plain', 'dim'),
      row('received', bytesText(point.inPerSecond), '', 'plain'),
      row('sent', bytesText(point.outPerSecond), '', 'plain'),
      row('all ended', formatCount(subject(shown).untagged.total.ended), '', 'plain'),
    ],
    width,
    height,
  );
}

const QUANTILES: readonly (readonly [name: string, of: (spread: Spread) => number])[] = [
  ['p50', ({ p50 }) => p50],
  ['p90', ({ p90 }) => p90],
  ['p95', ({ p95 }) => p95],
  ['p99', ({ p99 }) => p99],
  ['p99.9', ({ p999 }) => p999],
  ['max', ({ max }) => max],
];

/** Percentiles of response and service time, of the window and of the whole run. */
export function timesPanel(shown: Shown, recent: Window, width: number, height: number): readonly Line[] {
  const { untagged: total } = subject(shown);
  const all = shown.state.windowMs === Number.POSITIVE_INFINITY;
  const response = spreadOf(total.total.response);
  const columns: readonly (readonly [name: string, spread: Spread | null, tone: Tone])[] = all
    ? [
        ['response', response, 'plain'],
        ['service', spreadOf(total.total.service), 'dim'],
      ]
    : [
        [windowText(shown.state.windowMs), spreadOf(recent.total.response), 'plain'],
        ['all', response, 'dim'],
        ['service', spreadOf(recent.total.service), 'dim'],
      ];
  const cellWidth = Math.min(12, Math.floor((width - 7) / columns.length));
  const row = (name: string, texts: readonly string[], tones: readonly Tone[]): Line => [
    span(` ${cell(name, 5)} `, 'dim'),
    ...texts.map((text, column) => span(cell(text, cellWidth, 'right'), tones[column] ?? 'dim')),
  ];
  return box(
    [
      title('response time, ms', width),
      row(
        '',
        columns.map(([name]) => name),
        [],
      ),
      ...QUANTILES.map(([name, of]) =>
        row(
          name,
          columns.map(([, spread]) => (spread === null ? '-' : msText(of(spread)))),
          columns.map(([, , tone], column) => (column === 0 && name === 'p99' ? 'bold' : tone)),
        ),
      ),
    ],
    width,
    height,
  );
}

const statusTone = (status: number, bad: boolean): Tone =>
  bad ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'accent' : 'good';

/** A line of the panel of outcomes. */
interface Outcome {
  readonly text: string;
  readonly count: number;
  readonly tone: Tone;
}

/** Statuses and failures, the most frequent first. */
function endedOutcomes({ statuses, failures, otherStatuses, otherFailures }: Window['total']): readonly Outcome[] {
  const others = otherStatuses + otherFailures;
  return [
    ...statuses.map(({ status, count, bad }) => ({ text: `${status}`, count, tone: statusTone(status, bad > 0) })),
    ...failures.map(({ netCode, name, count }) => ({ text: name || `net ${netCode}`, count, tone: 'bad' as const })),
    ...(others > 0 ? [{ text: 'others', count: others, tone: 'warn' as const }] : []),
  ].sort((a, b) => b.count - a.count);
}

/** Operations without an end. */
function lostOutcomes({ total, withoutAmmo }: Window): readonly Outcome[] {
  const counts: readonly (readonly [text: string, count: number])[] = [
    ['discarded', total.discarded],
    ['unfinished', total.unfinished],
    ['no ammo', withoutAmmo],
  ];
  return counts.flatMap(([text, count]) => (count > 0 ? [{ text, count, tone: 'warn' as const }] : []));
}

/** The counts of a window by the texts of {@link endedOutcomes}. */
function countsIn({ total }: Window): ReadonlyMap<string, number> {
  return new Map([
    ...total.statuses.map(({ status, count }) => [`${status}`, count] as const),
    ...total.failures.map(({ netCode, name, count }) => [name || `net ${netCode}`, count] as const),
  ]);
}

/** How operations ended: statuses and failures, the most frequent first, then what was not shot. */
export function outcomePanel(shown: Shown, recent: Window, width: number, height: number): readonly Line[] {
  const { untagged: total } = subject(shown);
  const all = total.total;
  const of = (count: number): number | null => (all.ended > 0 ? count / all.ended : null);
  const lately = countsIn(recent);
  const ended = endedOutcomes(all);
  const lost = lostOutcomes(total);
  const room = height - 1 - lost.length;
  const rows = ended.length <= room ? ended : ended.slice(0, Math.max(0, room - 1));
  const hidden = ended.slice(rows.length);
  const wide = width >= 34;
  const largest = Math.max(0, ...[...ended, ...lost].map(({ count }) => count), ...hidden.map(() => all.ended));
  const [countWidth, partWidth] = [formatCount(largest).length + 1, 8];
  const nameWidth = Math.max(4, width - countWidth - (wide ? 2 * partWidth + 1 : 0) - 3);
  const row = ({ text, count, tone }: Outcome, part: number | null): Line => [
    span(` ${cell(text, nameWidth)} `, tone),
    span(cell(formatCount(count), countWidth, 'right')),
    ...(wide ? [span(cell(part === null ? '' : percentText(part), partWidth + 1, 'right'), 'dim')] : []),
    ...(wide && lately.has(text)
      ? [span(cell(`+${formatCount(lately.get(text) as number)}`, partWidth, 'right'), 'dim')]
      : []),
  ];
  const hiddenCount = hidden.reduce((sum, { count }) => sum + count, 0);
  const more: readonly Outcome[] =
    hidden.length === 0 ? [] : [{ text: `${hidden.length} more`, count: hiddenCount, tone: 'dim' }];
  return box(
    [
      title('status', width, all.ended > 0 ? `${percentText(of(all.bad + all.failed))} bad` : ''),
      ...rows.map((outcome) => row(outcome, of(outcome.count))),
      ...[...more, ...lost].map((outcome) => row(outcome, null)),
    ],
    width,
    height,
  );
}
