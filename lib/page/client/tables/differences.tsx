import { useState } from 'preact/hooks';
import type { PageComparison, PageDifference } from '../../model/pageComparison.js';
import type { ChartContext } from '../charts/context.js';
import { type Column, Table } from './table.js';

const [WIDTH, HEIGHT] = [132, 16];

/** The interval of a change beside zero. Changes of more than the scale end at its edge. */
function Interval({ row, scale }: { readonly row: PageDifference; readonly scale: number }) {
  const x = (value: number): number => WIDTH / 2 + (Math.max(-scale, Math.min(scale, value)) / scale) * (WIDTH / 2 - 3);
  const [from, to] = row.interval;
  const middle = HEIGHT / 2;
  return (
    <svg class={`interval ${row.verdict}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line class="zero" x1={WIDTH / 2} x2={WIDTH / 2} y1={0} y2={HEIGHT} />
      <line class="span" x1={x(from)} x2={x(to)} y1={middle} y2={middle} />
      <circle cx={x(row.change)} cy={middle} r={3} />
    </svg>
  );
}

/** The scale of the intervals: nearly all of them are inside. */
function scaleOf(rows: readonly PageDifference[]): number {
  const ends = rows.flatMap(({ interval }) => interval.map(Math.abs)).sort((a, b) => a - b);
  return Math.max(5, ends[Math.floor(ends.length * 0.9)] ?? 0);
}

const columns = (several: boolean, staged: boolean, scale: number): readonly Column<PageDifference>[] => [
  { key: 'tag', title: 'Tag', text: true, show: ({ tag }) => tag ?? '(all)', by: ({ tag }) => tag ?? '' },
  ...(several
    ? [
        {
          key: 'pool',
          title: 'Pool',
          text: true,
          show: ({ pool }: PageDifference) => pool,
          by: ({ pool }: PageDifference) => pool,
        },
      ]
    : []),
  ...(staged
    ? [
        {
          ...{ key: 'stage', title: 'Stage', text: true },
          show: ({ stage }: PageDifference) => (stage === undefined ? 'all' : String(stage)),
          by: ({ stage }: PageDifference) => stage ?? 0,
        },
      ]
    : []),
  { key: 'metric', title: 'Number', text: true, show: ({ metric }) => metric, by: ({ metric }) => metric },
  { key: 'before', title: 'Before', show: ({ texts }) => texts.before, by: ({ before }) => before },
  { key: 'after', title: 'After', show: ({ texts }) => texts.after, by: ({ after }) => after },
  {
    ...{ key: 'change', title: 'Change', hint: 'with its 95 % interval' },
    show: ({ texts, verdict }) => <span class={`change ${verdict}`}>{texts.change}</span>,
    by: ({ change }) => change,
  },
  { key: 'interval', title: '', text: true, show: (row) => <Interval row={row} scale={scale} /> },
  {
    ...{ key: 'verdict', title: 'Finding', text: true },
    show: ({ verdict }) => <span class={`change ${verdict}`}>{verdict === 'same' ? 'no difference' : verdict}</span>,
    by: ({ verdict }) => verdict,
  },
];

/** Findings that are shown at once. */
const SHOWN = 8;

/** What was found: failed conditions, what a reader should know, and what is larger than chance. */
export function Findings({ comparison }: { readonly comparison: PageComparison }) {
  const { before, after, failed, findings, remarks, differences } = comparison;
  const changed = differences.some(({ verdict }) => verdict !== 'same');
  // A condition that has failed has its finding with it.
  const others = findings.filter((text) => !failed.some((line) => line.endsWith(text)));
  const [shown, more] = [others.slice(0, SHOWN), others.slice(SHOWN)];
  const look = changed ? 'degraded' : 'valid';
  const worse = differences.some(({ verdict }) => verdict === 'worse');
  return (
    <section
      class={`verdict ${failed.length > 0 ? 'failed' : worse ? 'degraded' : 'valid'}`}
      aria-labelledby="findings"
    >
      <h2 id="findings">{failed.length > 0 ? 'FAILED' : changed ? 'Differences' : 'No difference'}</h2>
      <p class="sides">
        <span>
          <i class="line after" /> after: {after}
        </span>
        <span>
          <i class="line before" /> before: {before}
        </span>
      </p>
      <ul>
        {failed.map((text) => (
          <li key={`failed ${text}`} class="invalid">
            {text}
          </li>
        ))}
        {remarks.map((text) => (
          <li key={`remark ${text}`} class="remark">
            {text}
          </li>
        ))}
        {shown.map((text) => (
          <li key={text} class={look}>
            {text}
          </li>
        ))}
      </ul>
      {more.length === 0 ? null : (
        <details>
          <summary>{more.length === 1 ? '1 more finding' : `${more.length} more findings`}</summary>
          <ul>
            {more.map((text) => (
              <li key={text} class={look}>
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** All numbers of the comparison, of the selected pool and tag. They are those of the whole runs: a part of them has no interval. */
export function Differences({
  context,
  comparison,
}: {
  readonly context: ChartContext;
  readonly comparison: PageComparison;
}) {
  const { pool, tag } = context.selected.selection;
  const [only, setOnly] = useState(false);
  const all = comparison.differences.filter(
    (row) => (pool === undefined || row.pool === pool) && (tag === undefined || row.tag === tag),
  );
  const found = all.filter(({ verdict }) => verdict !== 'same');
  const rows = only ? found : [...found, ...all.filter(({ verdict }) => verdict === 'same')];
  return (
    <section class="card wide" aria-labelledby="differences">
      <div class="heading">
        <h3 id="differences">Differences</h3>
        <span class="note">of the whole runs, with 95 % intervals</span>
        <label class="toggle">
          <input type="checkbox" checked={only} onChange={() => setOnly(!only)} /> only what has changed
        </label>
      </div>
      <Table
        caption="Differences by tag and stage"
        rows={rows}
        rowKey={(row) => JSON.stringify([row.pool, row.stage, row.tag, row.metric])}
        empty={only ? 'Nothing has changed by more than chance explains.' : 'There are too few operations to compare.'}
        columns={columns(
          new Set(all.map((row) => row.pool)).size > 1,
          all.some(({ stage }) => stage !== undefined),
          scaleOf(all),
        )}
      />
    </section>
  );
}
