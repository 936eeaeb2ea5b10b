import type { ChartContext } from '../charts/context.js';
import { count, ms, percent, rate } from '../data/format.js';
import { Table } from './table.js';

/** The threads, processes or machines that play the run. */
export function Workers({ context }: { readonly context: ChartContext }) {
  const { workers } = context.selected.model.view;
  if (workers.length === 0) return null;
  const remote = workers.some(({ clockOffsetMs }) => clockOffsetMs !== undefined);
  return (
    <section class="card wide" aria-labelledby="workers">
      <h3 id="workers">Workers</h3>
      <Table
        caption="The workers of the run"
        rows={workers}
        rowKey={({ worker }) => worker}
        rowClass={({ phase }) => (phase === 'lost' || phase === 'silent' ? 'log-failure' : '')}
        empty="The run has one thread."
        columns={[
          {
            key: 'worker',
            title: 'Worker',
            text: true,
            show: ({ worker, host }) => (host === undefined ? worker : `${worker} on ${host}`),
            by: ({ worker }) => worker,
          },
          { key: 'state', title: 'State', text: true, show: ({ phase }) => phase, by: ({ phase }) => phase },
          { key: 'shares', title: 'Shares', text: true, show: ({ shares }) => shares.join(', ') },
          { key: 'rate', title: 'Rate', show: ({ perSecond }) => rate(perSecond), by: ({ perSecond }) => perSecond },
          { key: 'ended', title: 'Ended', show: ({ ended }) => count(ended), by: ({ ended }) => ended },
          {
            key: 'late',
            title: 'Lateness p99',
            show: ({ lateP99Ms }) => ms(lateP99Ms),
            by: ({ lateP99Ms }) => lateP99Ms,
          },
          {
            key: 'cpu',
            title: 'CPU',
            hint: 'Of a thread: how busy its event loop was',
            show: ({ cpu }) => percent(cpu),
            by: ({ cpu }) => cpu,
          },
          ...(remote
            ? [
                {
                  key: 'clock',
                  title: 'Clock offset',
                  hint: 'The clock of the run minus that of the machine',
                  show: ({ clockOffsetMs, clockUncertaintyMs }: (typeof workers)[number]) =>
                    clockOffsetMs === undefined
                      ? '–'
                      : `${clockOffsetMs.toFixed(2)} ± ${(clockUncertaintyMs ?? 0).toFixed(2)} ms`,
                  by: ({ clockOffsetMs }: (typeof workers)[number]) => clockOffsetMs ?? null,
                },
              ]
            : []),
        ]}
      />
    </section>
  );
}
