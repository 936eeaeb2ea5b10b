import { plannedCounts } from '../../../measure/summary.js';
import type { ChartContext } from '../charts/context.js';
import { column, perSecond } from '../charts/context.js';
import { Sparkline } from '../charts/sparkline.js';
import { bytes, count, ms, percent, rate } from '../data/format.js';
import type { Row, Selected } from '../data/selection.js';

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly more: string;
  readonly alarm?: boolean;
  readonly of: (row: Row) => number | null | undefined;
}

function tilesOf(selected: Selected, spread: ChartContext['spread']): readonly Tile[] {
  const { counts, window, spanMs, model, pools } = selected;
  const [response, service] = [spread(counts.response), spread(counts.service)];
  const lateness = spread(window.lateness);
  const bad = counts.bad + counts.failed;
  const tagged = selected.selection.tag !== undefined;
  const ended = tagged ? counts.ended : plannedCounts(window).ended;
  const seconds = Math.max(0.001, spanMs / 1000);
  const progress = pools.flatMap(({ progress: of }) => (of === undefined ? [] : [of]));
  const sum = (of: 'inFlight' | 'instances' | 'instancesGrown'): number =>
    progress.reduce((total, each) => total + each[of], 0);
  const running = model.view.phase !== 'finished';
  const now =
    selected.last === undefined
      ? null
      : perSecond(tagged ? selected.last.counts.ended : plannedCounts(selected.last.window).ended, selected.last);
  return [
    {
      name: 'Rate',
      value: rate(spanMs > 0 ? ended / seconds : null),
      more: running ? `now ${rate(now)}` : `${count(ended)} ended`,
      of: (row) => perSecond(row.counts.ended, row),
    },
    {
      name: 'Response p99',
      value: ms(response?.p99),
      more: `median ${ms(response?.p50)}`,
      of: (row) => spread(row.counts.response)?.p99,
    },
    {
      name: 'Service p99',
      value: ms(service?.p99),
      more: `median ${ms(service?.p50)}`,
      of: (row) => spread(row.counts.service)?.p99,
    },
    {
      name: 'Errors',
      value: percent(counts.ended === 0 ? null : bad / counts.ended),
      more: counts.failed > 0 ? `${count(counts.failed)} failed` : `${count(counts.bad)} bad`,
      alarm: bad > 0,
      of: (row) => row.counts.bad + row.counts.failed,
    },
    {
      name: 'Not shot',
      value: count(counts.discarded),
      more: `${count(counts.unfinished)} unfinished`,
      alarm: counts.discarded > 0,
      of: (row) => row.counts.discarded,
    },
    running
      ? {
          name: 'Busy instances',
          value: count(sum('inFlight')),
          more: `of ${count(sum('instances'))}${sum('instancesGrown') > 0 ? ` · ${count(sum('instancesGrown'))} grown` : ''}`,
          of: () => null,
        }
      : {
          name: 'Response max',
          value: ms(response?.max),
          more: `mean ${ms(response?.mean)}`,
          of: (row) => spread(row.counts.response)?.max,
        },
    {
      name: 'Lateness p99',
      value: ms(lateness?.p99),
      more: `slot wait ${ms(spread(window.slotWait)?.p99)}`,
      of: ({ window: of }) => spread(of.lateness)?.p99,
    },
    {
      name: 'Received',
      value: `${bytes(counts.bytesIn / seconds)}/s`,
      more: `sent ${bytes(counts.bytesOut / seconds)}/s`,
      of: (row) => perSecond(row.counts.bytesIn, row),
    },
  ];
}

/** The figures that matter most, of the selected time; with their courses. A comparison has those before the change, too. */
export function Tiles({ context }: { readonly context: ChartContext }) {
  const { selected, spread, runs } = context;
  const before = runs.findLast((run) => run.before);
  const olds = before === undefined ? undefined : tilesOf(before.selected, spread);
  const tiles = tilesOf(selected, spread).map((tile) => {
    const old = olds?.find(({ name }) => name === tile.name);
    return old === undefined ? tile : { ...tile, more: `before ${old.value}` };
  });
  return (
    <section class="tiles" aria-label="Figures">
      {tiles.map(({ name, value, more, alarm, of }) => (
        <div key={name} class={alarm ? 'tile alarm' : 'tile'}>
          <span class="name">{name}</span>
          <strong>{value}</strong>
          <span class="more">{more}</span>
          <Sparkline values={column(selected, of).slice(-120)} />
        </div>
      ))}
    </section>
  );
}
