import { useState } from 'preact/hooks';
import type { PoolExchange } from '../../../view/runView.js';
import type { ChartContext } from '../charts/context.js';
import { failureName } from '../charts/outcomes.js';
import { count, elapsed, ms, percent } from '../data/format.js';
import { Table } from './table.js';

interface Reason {
  readonly name: string;
  readonly kind: string;
  readonly count: number;
}

/** Why operations were bad or failed, and how often. */
function reasonsOf({ selected: { counts } }: ChartContext): readonly Reason[] {
  const statuses = counts.statuses
    .filter(({ bad }) => bad > 0)
    .map(({ status, bad }) => ({ name: status === 0 ? 'response' : `status ${status}`, kind: 'bad', count: bad }));
  const failures = counts.failures.map((failure) => ({
    name: failureName(failure),
    kind: 'failed',
    count: failure.count,
  }));
  const unshot = [
    { name: 'not shot: no free instance', kind: 'discarded', count: counts.discarded - counts.discardedLate },
    { name: 'not shot: the generator was late', kind: 'discarded', count: counts.discardedLate },
    { name: 'under way or due at the end', kind: 'unfinished', count: counts.unfinished },
  ];
  return [...statuses, ...failures, ...unshot].filter((reason) => reason.count > 0).sort((a, b) => b.count - a.count);
}

function Exchange({ exchange, at }: { readonly exchange: PoolExchange; readonly at: string }) {
  const [copied, setCopied] = useState(false);
  const { serviceMs, curl, request, response } = exchange;
  const copy = (): void => {
    void navigator.clipboard?.writeText(curl ?? request).then(() => setCopied(true));
  };
  return (
    <details class="exchange">
      <summary>
        at {at}, after {ms(serviceMs)}
      </summary>
      {curl === undefined ? null : (
        <>
          <div class="heading">
            <h4>Again</h4>
            <button type="button" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </button>
          </div>
          <pre>{curl}</pre>
        </>
      )}
      <h4>Request</h4>
      <pre>{request}</pre>
      <h4>Response</h4>
      <pre>{response ?? 'There was none.'}</pre>
    </details>
  );
}

/** The kept exchanges with one reason and one tag. */
interface Examples {
  readonly reason: string;
  readonly tag: string;
  readonly exchanges: readonly PoolExchange[];
}

function examplesOf(exchanges: readonly PoolExchange[]): readonly Examples[] {
  const groups = new Map<string, Examples & { readonly exchanges: PoolExchange[] }>();
  for (const exchange of exchanges) {
    const { reason, tag } = exchange;
    const key = JSON.stringify([reason, tag]);
    const group = groups.get(key) ?? { reason, tag, exchanges: [] };
    group.exchanges.push(exchange);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function ExampleGroup({
  examples: { reason, tag, exchanges },
  startedAt,
}: {
  readonly examples: Examples;
  readonly startedAt: number;
}) {
  return (
    <details class="examples">
      <summary>
        <span class="bad">{reason}</span> <bdi>{tag === '' ? '(no tag)' : tag}</bdi>{' '}
        <span class="muted">{exchanges.length === 1 ? '1 example' : `${exchanges.length} examples`}</span>
      </summary>
      {exchanges.map((exchange, i) => (
        <Exchange
          key={`${exchange.startedAt} ${i}`}
          exchange={exchange}
          at={elapsed(exchange.startedAt - startedAt, true)}
        />
      ))}
    </details>
  );
}

/** Reasons of failures, and examples of them. */
export function Failures({ context }: { readonly context: ChartContext }) {
  const { selected } = context;
  const { view } = selected.model;
  const { tag, pool, range } = selected.selection;
  const exchanges = view.exchanges.filter((exchange) => {
    const atMs = exchange.startedAt - selected.startedAt;
    const timely = range === undefined || (atMs >= range.fromMs && atMs < range.toMs);
    return timely && (tag === undefined || exchange.tag === tag) && (pool === undefined || exchange.pool === pool);
  });
  return (
    <>
      <section class="card" aria-labelledby="failures">
        <h3 id="failures">Bad and failed</h3>
        <Table
          caption="Why operations were bad, failed or not shot"
          rows={reasonsOf(context)}
          rowKey={({ name }) => name}
          empty="No operation was bad, failed or not shot."
          columns={[
            { key: 'name', title: 'Reason', text: true, show: ({ name }) => name, by: ({ name }) => name },
            { key: 'kind', title: 'Counts as', text: true, show: ({ kind }) => kind, by: ({ kind }) => kind },
            { key: 'count', title: 'Count', show: (reason) => count(reason.count), by: (reason) => reason.count },
            {
              key: 'part',
              title: 'Part',
              show: (reason) => percent(reason.count / Math.max(1, selected.counts.count)),
              by: (reason) => reason.count,
            },
          ]}
        />
      </section>
      <section class="card" aria-labelledby="exchanges">
        <h3 id="exchanges">Kept exchanges</h3>
        {exchanges.length === 0 ? <p class="empty">No exchange was kept.</p> : null}
        {examplesOf(exchanges).map((examples) => (
          <ExampleGroup
            key={JSON.stringify([examples.reason, examples.tag])}
            examples={examples}
            startedAt={selected.startedAt}
          />
        ))}
        {view.exchangesDropped > 0 ? <p class="muted">{count(view.exchangesDropped)} more were not kept.</p> : null}
      </section>
    </>
  );
}
