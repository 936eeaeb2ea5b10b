import type { Window } from '../../../measure/window.js';
import { formatCount, shownTag } from '../../../report/format.js';
import { type TagRow, tagHistory, tagRows } from '../../../view/tagRows.js';
import { msText, percentText, rateText, sparkline } from '../figures.js';
import { box, cell, fit, type Line, type Span, span, type Tone, title } from '../line.js';
import type { ScreenState, Sort } from '../screenState.js';
import { type Shown, subject, windowText } from './shown.js';

interface Column {
  readonly name: string;
  readonly width: number;
  readonly sort?: Sort;
  readonly text: (row: TagRow) => string;
  readonly tone?: (row: TagRow) => Tone;
}

const COLUMNS: readonly Column[] = [
  { name: 'ended', width: 10, sort: 'count', text: ({ counts }) => formatCount(counts.ended) },
  { name: 'per s', width: 8, sort: 'rate', text: ({ perSecond }) => rateText(perSecond) },
  {
    name: 'bad',
    width: 9,
    sort: 'errors',
    text: ({ errors }) => percentText(errors),
    tone: ({ errors }) => ((errors ?? 0) > 0 ? 'bad' : 'dim'),
  },
  { name: 'p50', width: 8, sort: 'p50', text: ({ response }) => msText(response?.p50) },
  { name: 'p99', width: 8, sort: 'p99', text: ({ response }) => msText(response?.p99), tone: () => 'bold' },
  { name: 'max', width: 8, sort: 'max', text: ({ response }) => msText(response?.max) },
];
/** Only with more room. */
const MORE: readonly Column[] = [
  { name: 'p95', width: 8, text: ({ response }) => msText(response?.p95) },
  { name: 'p99.9', width: 8, text: ({ response }) => msText(response?.p999) },
  { name: 'service p50', width: 12, text: ({ service }) => msText(service?.p50) },
  { name: 'service p99', width: 12, text: ({ service }) => msText(service?.p99) },
];

const KEYS: Readonly<Record<Exclude<Sort, 'tag'>, (row: TagRow) => number>> = {
  count: ({ counts }) => counts.ended,
  rate: ({ perSecond }) => perSecond ?? 0,
  errors: ({ errors }) => errors ?? 0,
  p50: ({ response }) => response?.p50 ?? 0,
  p99: ({ response }) => response?.p99 ?? 0,
  max: ({ response }) => response?.max ?? 0,
};

/** The rows that pass the filter, in the chosen order. Names sort from A to Z, numbers from the largest, unless reversed. */
export function sortedRows(rows: readonly TagRow[], { sort, ascending, filter }: ScreenState): readonly TagRow[] {
  const wanted = filter.toLowerCase();
  const byName = (a: TagRow, b: TagRow): number => (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0);
  const order = sort === 'tag' ? byName : (a: TagRow, b: TagRow): number => KEYS[sort](b) - KEYS[sort](a);
  return rows
    .filter(({ tag }) => shownTag(tag).toLowerCase().includes(wanted))
    .sort((a, b) => (ascending ? -1 : 1) * order(a, b) || byName(a, b));
}

const SCOPES: Readonly<Record<TagRow['scope'], string>> = { '': '', group: 'group ', scenario: 'scenario ' };

/** The table by tag: scenarios, groups and requests, with the ended operations of the last seconds as bars. */
export function tagsPanel(shown: Shown, recent: Window, width: number, height: number): readonly Line[] {
  const { state } = shown;
  const { windows } = subject(shown);
  const known = tagRows(recent);
  const rows = sortedRows(known, state);
  const room = Math.max(0, height - 2);
  const scroll = Math.max(0, Math.min(state.scroll, rows.length - room));
  const columns = width >= 118 ? [...COLUMNS.slice(0, 4), MORE[0] as Column, ...COLUMNS.slice(4)] : COLUMNS;
  const all = width >= 160 ? [...columns, ...MORE.slice(1)] : columns;
  const taken = all.reduce((sum, column) => sum + column.width, 0);
  const longest = Math.max(12, ...rows.map(({ tag, scope }) => shownTag(tag).length + SCOPES[scope].length));
  const nameWidth = Math.max(8, Math.min(longest, width - taken - 12, 48));
  const barWidth = Math.max(0, Math.min(60, width - taken - nameWidth - 4));
  const mark = state.ascending ? '▴' : '▾';
  const header: Line = [
    span(` ${cell(state.sort === 'tag' ? `tag ${mark}` : 'tag', nameWidth)}`, state.sort === 'tag' ? 'bold' : 'dim'),
    ...all.map(({ name, width: cells, sort }) =>
      span(cell(sort === state.sort ? `${mark} ${name}` : name, cells, 'right'), sort === state.sort ? 'bold' : 'dim'),
    ),
  ];
  const line = (row: TagRow): Line => {
    const bars = barWidth < 4 ? [] : tagHistory(windows, row.tag, barWidth, ({ ended }) => ended);
    return [
      span(` ${cell(SCOPES[row.scope] + shownTag(row.tag), nameWidth)}`, row.scope === '' ? 'plain' : 'accent'),
      ...all.map(({ text, width: cells, tone }): Span => span(cell(text(row), cells, 'right'), tone?.(row) ?? 'plain')),
      span(`  ${sparkline(bars).padStart(barWidth)}`, 'accent'),
    ];
  };
  const place = rows.length > room ? `${scroll + 1}-${scroll + room} of ${rows.length}` : '';
  const note = [
    windowText(state.windowMs),
    ...(state.filter === '' ? [] : [`filter "${state.filter}"`]),
    ...(place === '' ? [] : [place]),
  ].join(', ');
  const none =
    known.length > 0 && rows.length === 0 ? [[span(' no tag contains this text: Esc clears the filter', 'dim')]] : [];
  return box(
    [title('tags', width, note), fit(header, width), ...none, ...rows.slice(scroll, scroll + room).map(line)],
    width,
    height,
  );
}
