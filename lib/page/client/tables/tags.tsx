import { useState } from 'preact/hooks';
import { type TagRow, tagHistory, tagRow, tagRows } from '../../../view/tagRows.js';
import { type ChartContext, column, perSecond } from '../charts/context.js';
import { Sparkline } from '../charts/sparkline.js';
import { bytes, count, elapsed, ms, percent, rate } from '../data/format.js';
import { windowIn } from '../data/selection.js';
import { stagesIn } from '../data/stages.js';
import { type Column, Table } from './table.js';

interface StagedRow extends TagRow {
  readonly stage: string;
  /** The sum of the rows, which is not a tag. */
  readonly all?: boolean;
  readonly fromMs: number;
}

const SPARKS = 60;

function columns(context: ChartContext, staged: boolean): readonly Column<StagedRow>[] {
  const { selected, store } = context;
  const { windows } = (selected.selection.pool === undefined ? undefined : selected.pools[0]) ?? selected.model.view;
  const of = (key: 'p50' | 'p90' | 'p99' | 'max', title: string): Column<StagedRow> => ({
    ...{
      key,
      title,
      hint: 'response time',
      show: (row) => ms(row.response?.[key]),
      by: (row) => row.response?.[key] ?? null,
    },
  });
  return [
    {
      ...{ key: 'tag', title: 'Tag', text: true, by: (row) => row.tag },
      show: (row) =>
        row.all === true ? (
          '(all)'
        ) : (
          <button
            type="button"
            class="link tag"
            title={`${row.tag}\nShow only this tag`}
            onClick={() => store.select({ tag: row.tag })}
          >
            <bdi>{row.tag === '' ? '(no tag)' : row.tag}</bdi>
            {row.scope === '' ? null : <span class="scope"> {row.scope}</span>}
          </button>
        ),
    },
    ...(staged
      ? [
          {
            key: 'stage',
            title: 'Stage',
            text: true,
            show: (row: StagedRow) => row.stage,
            by: (row: StagedRow) => row.fromMs,
          },
        ]
      : []),
    { key: 'ended', title: 'Ended', show: ({ counts }) => count(counts.ended), by: ({ counts }) => counts.ended },
    { key: 'rate', title: 'Rate', show: (row) => rate(row.perSecond), by: (row) => row.perSecond },
    {
      key: 'errors',
      title: 'Errors',
      hint: 'bad and failed',
      show: (row) => <span class={row.errors ? 'bad' : ''}>{percent(row.errors)}</span>,
      by: (row) => row.errors,
    },
    of('p50', 'p50'),
    of('p90', 'p90'),
    of('p99', 'p99'),
    of('max', 'Max'),
    {
      key: 'service',
      title: 'Service p99',
      hint: 'from the start to the end',
      show: (row) => ms(row.service?.p99),
      by: (row) => row.service?.p99 ?? null,
    },
    {
      key: 'received',
      title: 'Received',
      show: ({ counts }) => bytes(counts.bytesIn),
      by: ({ counts }) => counts.bytesIn,
    },
    ...(staged
      ? []
      : [
          {
            ...{ key: 'trend', title: 'Rate over time', text: true },
            show: ({ tag, all }: StagedRow) => (
              <Sparkline
                values={
                  all === true
                    ? column(selected, (row) => perSecond(row.counts.ended, row)).slice(-SPARKS)
                    : tagHistory(
                        windows,
                        tag,
                        SPARKS,
                        (counts, { from, to }) => (counts.ended * 1000) / Math.max(1, to - from),
                      )
                }
              />
            ),
          },
        ]),
  ];
}

/** The rows of the selected time, or of each stage in it. */
function rowsOf({ selected }: ChartContext, staged: boolean): readonly StagedRow[] {
  const { window, selection, startedAt, model, pools } = selected;
  if (!staged) return tagRows(window).map((row) => ({ ...row, stage: '', fromMs: 0 }));
  return pools.flatMap((pool) =>
    stagesIn(model, pool, selection.range).flatMap(({ name, fromMs, toMs }) =>
      tagRows(windowIn(pool.windows, startedAt, { fromMs, toMs })).map((row) => ({
        ...row,
        stage: `${pools.length > 1 ? `${pool.id}: ` : ''}${name} (${elapsed(fromMs)}–${elapsed(toMs)})`,
        fromMs,
      })),
    ),
  );
}

/** The row of all operations, above those of several tags. */
function totalOf({ selected: { window, selection } }: ChartContext, rows: readonly StagedRow[]): StagedRow | undefined {
  if (rows.length < 2 || selection.tag !== undefined) return undefined;
  return { ...tagRow('', '', window.total, window), stage: '', fromMs: 0, all: true };
}

/** Figures by tag, and by tag and stage. */
export function Tags({ context }: { readonly context: ChartContext }) {
  const [staged, setStaged] = useState(false);
  const several = context.selected.pools.some(({ stages }) => stages.length > 1);
  const rows = rowsOf(context, staged);
  return (
    <section class="card wide" aria-labelledby="tags">
      <div class="heading">
        <h3 id="tags">By tag</h3>
        {several ? (
          <label class="toggle">
            <input type="checkbox" checked={staged} onChange={() => setStaged(!staged)} /> by stage
          </label>
        ) : null}
      </div>
      <Table
        caption={staged ? 'Figures by tag and stage' : 'Figures by tag'}
        columns={columns(context, staged)}
        rows={rows}
        total={staged ? undefined : totalOf(context, rows)}
        rowKey={({ scope, tag, stage }) => `${scope} ${tag} ${stage}`}
        empty="No operation has ended yet."
      />
    </section>
  );
}
