import type { ComponentChildren } from 'preact';
import type { ChartContext } from '../charts/context.js';
import { bytes, count, elapsed, ms, number, percent } from '../data/format.js';
import { stageName } from '../data/stages.js';
import { Table } from './table.js';

/** Checks and metrics of scenarios. */
export function Metrics({ context }: { readonly context: ChartContext }) {
  const { checks, counters, gauges, rates, trends } = context.selected.window.metrics;
  const rows = [
    ...[...checks].map(([name, { passed, count: all }]) => ({
      name,
      kind: 'check',
      value: percent(passed / Math.max(1, all)),
      more: `${count(passed)} of ${count(all)} passed`,
    })),
    ...[...rates].map(([name, { passed, count: all }]) => ({
      name,
      kind: 'rate',
      value: percent(passed / Math.max(1, all)),
      more: `${count(passed)} of ${count(all)}`,
    })),
    ...[...counters].map(([name, { sum, count: all }]) => ({
      name,
      kind: 'counter',
      value: number(sum),
      more: `added ${count(all)} times`,
    })),
    ...[...gauges].map(([name, { last, min, max }]) => ({
      name,
      kind: 'gauge',
      value: number(last),
      more: `${number(min)} to ${number(max)}`,
    })),
    ...[...trends].map(([name, { sum, count: all, min, max }]) => ({
      name,
      kind: 'trend',
      value: number(sum / Math.max(1, all)),
      more: `${number(min)} to ${number(max)}, ${count(all)} values`,
    })),
  ];
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="metrics">
      <h3 id="metrics">Checks and metrics</h3>
      <Table
        caption="Checks and metrics of the scenarios"
        rows={rows}
        rowKey={({ kind, name }) => `${kind} ${name}`}
        empty="There are none."
        columns={[
          { key: 'name', title: 'Name', text: true, show: ({ name }) => name, by: ({ name }) => name },
          { key: 'kind', title: 'Kind', text: true, show: ({ kind }) => kind, by: ({ kind }) => kind },
          { key: 'value', title: 'Value', show: ({ value }) => value },
          { key: 'more', title: '', text: true, show: ({ more }) => more },
        ]}
      />
    </section>
  );
}

/** The parts of the threads. */
export function Threads({ context }: { readonly context: ChartContext }) {
  const rows = context.selected.pools.flatMap(({ id, threads }) => threads.map((thread) => ({ ...thread, pool: id })));
  if (rows.length === 0) return null;
  const { spread } = context;
  return (
    <section class="card" aria-labelledby="threads">
      <h3 id="threads">Threads</h3>
      <Table
        caption="The parts of the threads"
        rows={rows}
        rowKey={({ pool, thread }) => `${pool} ${thread}`}
        empty="One thread."
        columns={[
          {
            key: 'thread',
            title: 'Thread',
            text: true,
            show: ({ pool, thread }) => `${pool} ${thread}`,
            by: ({ thread }) => thread,
          },
          { key: 'ended', title: 'Ended', show: ({ ended }) => count(ended), by: ({ ended }) => ended },
          {
            key: 'late50',
            title: 'Lateness p50',
            show: ({ lateness }) => ms(spread(lateness)?.p50),
            by: ({ lateness }) => spread(lateness)?.p50 ?? null,
          },
          {
            key: 'late99',
            title: 'Lateness p99',
            show: ({ lateness }) => ms(spread(lateness)?.p99),
            by: ({ lateness }) => spread(lateness)?.p99 ?? null,
          },
        ]}
      />
    </section>
  );
}

/** What happened: warnings, commands, remarks. */
export function Log({ context }: { readonly context: ChartContext }) {
  const { selected } = context;
  const { log, logDropped } = selected.model.view;
  return (
    <section class="card" aria-labelledby="log">
      <h3 id="log">What happened</h3>
      <Table
        caption="Warnings, commands and remarks"
        rows={log.map((entry, i) => ({ ...entry, i }))}
        rowKey={({ i }) => String(i)}
        rowClass={({ kind }) => `log-${kind}`}
        empty="No warning, command or remark."
        columns={[
          { key: 'at', title: 'At', show: ({ at }) => elapsed(at - selected.startedAt), by: ({ at }) => at },
          { key: 'kind', title: 'Kind', text: true, show: ({ kind }) => kind, by: ({ kind }) => kind },
          {
            key: 'text',
            title: 'Text',
            text: true,
            show: ({ pool, text }) => (pool === undefined ? text : `${pool}: ${text}`),
          },
        ]}
      />
      {logDropped > 0 ? <p class="muted">{count(logDropped)} lines between were dropped.</p> : null}
    </section>
  );
}

/** What was run: plans, seed, threads. */
export function Facts({
  context,
  title = 'Run',
  id = 'facts',
}: {
  readonly context: ChartContext;
  readonly title?: string;
  readonly id?: string;
}) {
  const { view, facts } = context.selected.model;
  const started =
    view.startedAt === undefined
      ? '–'
      : new Date(view.startedAt)
          .toISOString()
          .replace('T', ' ')
          .replace(/\.\d+Z$/, ' UTC');
  const rows: readonly (readonly [string, ComponentChildren])[] = [
    ['Started', started],
    ['Length', elapsed(view.elapsedMsAt(view.now))],
    ['Seed', view.seed === undefined ? 'none' : String(view.seed)],
    ['Threads', String(view.threads)],
    ...view.pools.map(({ id, plan, stages, rpsPerInstance, total }): readonly [string, ComponentChildren] => [
      `Pool ${id}`,
      [
        plan === undefined
          ? 'no plan'
          : `${Number.isFinite(plan.count) ? count(plan.count) : 'unlimited'} operations in ${elapsed(plan.durationNs / 1e6)}${rpsPerInstance ? ', each instance' : ''}`,
        ...stages.map(
          ({ fromPerSecond, toPerSecond, fromMs, toMs }) =>
            `${stageName(fromPerSecond, toPerSecond)} for ${elapsed(toMs - fromMs)}`,
        ),
        `${count(total.total.ended)} ended`,
      ].join('; '),
    ]),
  ];
  const host = facts?.host;
  const about: readonly (readonly [string, ComponentChildren])[] =
    facts === undefined || host === undefined
      ? []
      : [
          ['Config', [facts.config.name, ...facts.config.overrides].join(' ')],
          ['Versions', `elpis ${facts.versions.elpis}, Node ${facts.versions.node}`],
          ['Machine', `${host.platform}, ${count(host.cpus)} × ${host.cpuModel}, ${bytes(host.memoryBytes)} memory`],
          ...(host.openFilesLimit === null ? [] : [['Open files', `at most ${count(host.openFilesLimit)}`] as const]),
        ];
  return (
    <section class="card" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <dl>
        {[...rows, ...about].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {facts === undefined ? null : (
        <details class="config">
          <summary>Config as it was written, without secrets</summary>
          <pre>{facts.config.text}</pre>
        </details>
      )}
    </section>
  );
}
