import type { ThresholdState } from '../../../measure/runVerdict.js';
import { type SummarySnapshot, summaryOf } from '../../../measure/summary.js';
import { verdictOf } from '../../../measure/verdict/verdictOf.js';
import { type ChartContext, secondsAt } from '../charts/context.js';
import { Figure } from '../charts/figure.js';
import { TimePlot } from '../charts/timePlot.js';
import { count, elapsed, ms, number, percent, rate } from '../data/format.js';
import { plannedLoad } from '../data/plannedLoad.js';
import { Table } from './table.js';

/** The summaries of the selected pools, from their windows. */
export function summariesOf({ selected }: ChartContext): readonly SummarySnapshot[] {
  return selected.pools
    .filter(({ total }) => total.total.count > 0)
    .map((pool) =>
      summaryOf(pool.total, {
        pool: pool.id,
        planned: plannedLoad(pool),
        stopped: pool.stopReason,
        badAmmo: pool.badAmmo,
        instances: pool.progress?.instancesStarted,
      }),
    );
}

/** Why the run ended, in plain words; `undefined` while it runs. */
function endingText({ selected }: ChartContext): string | undefined {
  const { view } = selected.model;
  if (view.phase !== 'finished') return undefined;
  if (view.ending !== undefined) return view.ending.text;
  if (view.failure !== undefined) return view.failure.message;
  const stopped = view.pools.flatMap(({ id, stopReason }) =>
    stopReason === undefined ? [] : [`pool "${id}" was stopped: ${stopReason}`],
  );
  return stopped.length > 0 ? stopped.join('; ') : 'all pools have ended';
}

/** What the thresholds say, in sentences: each one that is violated, or how many pass. */
function thresholdLines({ selected }: ChartContext): readonly { readonly text: string; readonly failed: boolean }[] {
  const { thresholds } = selected.model.view;
  const violated = thresholds.filter((state) => state.violated);
  if (violated.length > 0)
    return violated.map(({ condition, pool, value, unit }) => ({
      text: `Threshold violated: ${pool === undefined ? '' : `${pool}: `}${condition}; the value is ${inUnit(value, unit)}.`,
      failed: true,
    }));
  const passed = thresholds.filter(({ status }) => status === 'passes').length;
  if (thresholds.length === 0) return [];
  return [{ text: `${passed} of ${thresholds.length} thresholds pass.`, failed: false }];
}

/** Whether the run is evidence, and why it ended. */
export function Verdict({ context }: { readonly context: ChartContext }) {
  const { verdict, failure, phase } = context.selected.model.view;
  const summaries = summariesOf(context);
  const several = summaries.length > 1;
  // Until the run ends, it is judged by its pools so far.
  const shot = summaries.filter(({ total }) => total.count > 0);
  const judged = verdict ?? (shot.length === 0 ? undefined : verdictOf(shot));
  const findings = judged?.reasons ?? [];
  const ending = endingText(context);
  const level = failure !== undefined ? 'failed' : (judged?.level ?? 'VALID').toLowerCase();
  return (
    <section class={`verdict ${level}`} aria-labelledby="verdict">
      <h2 id="verdict">
        {verdict === undefined ? (phase === 'finished' ? 'Generator' : 'So far') : verdict.level}
        {ending === undefined ? '' : '.'}
        {ending === undefined ? null : <span class="ending"> The run ended: {ending}.</span>}
      </h2>
      {findings.length === 0 ? (
        <p>{judged === undefined ? 'Nothing was measured yet.' : 'The numbers below are evidence about the target.'}</p>
      ) : null}
      <ul>
        {thresholdLines(context).map(({ text, failed }) => (
          <li key={text} class={failed ? 'invalid' : 'valid'}>
            {text}
          </li>
        ))}
        {findings.map(({ pool, level: of, text }) => (
          <li key={`${pool} ${text}`} class={of.toLowerCase()}>
            {several && pool !== undefined ? `${pool}: ` : ''}
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A value in the unit of its limit. */
function inUnit(value: number | null, unit: ThresholdState['unit']): string {
  if (value === null) return '–';
  if (unit === 'ms') return ms(value);
  if (unit === '%') return percent(value / 100);
  return unit === '/s' ? rate(value) : count(value);
}

const STATUS: Readonly<Record<ThresholdState['status'], string>> = {
  pending: 'pending',
  passes: 'passes',
  fails: 'fails',
};

/** All thresholds with their margins, and how they came to them. */
export function Thresholds({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const { view, thresholds: history } = selected.model;
  const states = view.thresholds;
  if (states.length === 0) return null;
  const colours = [
    palette.blue,
    palette.teal,
    palette.violet,
    palette.amber,
    palette.green,
    palette.orange,
    palette.red,
  ];
  const part = ({ value, limit }: ThresholdState): number | null =>
    value === null || limit === 0 ? null : value / limit;
  return (
    <>
      <section class="card" aria-labelledby="thresholds">
        <h3 id="thresholds">Thresholds</h3>
        <Table
          caption="Thresholds, their last values and their margins"
          rows={states}
          rowKey={({ pool = '', condition }) => `${pool} ${condition}`}
          rowClass={({ violated }) => (violated ? 'violated' : '')}
          empty="There are no thresholds."
          columns={[
            {
              key: 'condition',
              title: 'Condition',
              text: true,
              show: ({ condition, pool }) => (pool === undefined ? condition : `${pool}: ${condition}`),
            },
            {
              key: 'status',
              title: 'Status',
              text: true,
              show: (state) => (
                <span class={`status ${state.violated ? 'fails' : state.status}`}>
                  {state.violated
                    ? `violated at ${elapsed((state.violatedAt ?? view.now) - selected.startedAt)}`
                    : STATUS[state.status]}
                </span>
              ),
            },
            { key: 'value', title: 'Value', show: ({ value, unit }) => inUnit(value, unit) },
            { key: 'limit', title: 'Limit', show: ({ limit, unit }) => inUnit(limit, unit) },
            {
              key: 'margin',
              title: 'Margin',
              hint: 'distance from the limit',
              show: ({ margin }) => (margin === null ? '–' : `${number(100 * margin)} %`),
              by: ({ margin }) => margin,
            },
          ]}
        />
      </section>
      <Figure
        title="Thresholds over time"
        unit="part of the limit"
        empty={history.length === 0 && 'No threshold was judged yet.'}
      >
        <TimePlot
          context={context}
          summary={`Thresholds over time: ${states.filter(({ violated }) => violated).length} of ${states.length} are violated.`}
          of={() => ({
            x: history.map(({ at }) => secondsAt(selected, at)),
            courses: [
              { label: 'limit', colour: palette.red, dashed: true, width: 1, values: history.map(() => 1) },
              ...states.map(({ condition }, i) => ({
                ...{ label: condition, colour: colours[i % colours.length] as string, steps: true },
                values: history.map((point) => (point.states[i] === undefined ? null : part(point.states[i]))),
              })),
            ],
          })}
          scale={{ format: number, atLeast: 1.2 }}
        />
      </Figure>
    </>
  );
}
