import { CONNECTION_PHASES, type ConnectionPhase } from '../../../measure/connectionCounts.js';
import type { ChartContext } from '../charts/context.js';
import { count, ms } from '../data/format.js';
import { PHASE_NAMES } from '../data/phases.js';
import { type Column, Table } from './table.js';

/** The times of the phases of connections and exchanges, in the selected time. */
export function PhaseTimes({ context }: { readonly context: ChartContext }) {
  const { selected, spread } = context;
  const { phases } = selected.window.connections;
  const rows = CONNECTION_PHASES.filter((phase) => phases[phase].count > 0);
  if (rows.length === 0) return null;
  const time = (key: 'mean' | 'p50' | 'p90' | 'p99' | 'max', title: string): Column<ConnectionPhase> => ({
    ...{ key, title },
    show: (phase) => ms(spread(phases[phase])?.[key]),
    by: (phase) => spread(phases[phase])?.[key] ?? null,
  });
  return (
    <section class="card" aria-labelledby="phases">
      <h3 id="phases">Phases of connections and exchanges</h3>
      <Table
        caption="Times of the phases of connections and exchanges"
        rows={rows}
        rowKey={(phase) => phase}
        empty="The guns have measured no phases."
        columns={[
          { key: 'phase', title: 'Phase', text: true, show: (phase) => PHASE_NAMES[phase] },
          {
            ...{ key: 'count', title: 'Count', hint: 'of connections that were opened, or of responses' },
            show: (phase) => count(phases[phase].count),
            by: (phase) => phases[phase].count,
          },
          time('mean', 'Mean'),
          time('p50', 'p50'),
          time('p90', 'p90'),
          time('p99', 'p99'),
          time('max', 'Max'),
        ]}
      />
    </section>
  );
}
