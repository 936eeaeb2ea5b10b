import type { Histogram } from '../../../measure/histogram.js';
import type { Window } from '../../../measure/window.js';
import { processorsOf } from '../../../view/processSeries.js';
import { bytes, count, ms, number } from '../data/format.js';
import type { Selected } from '../data/selection.js';
import { type ChartContext, column, moments, perSecond, secondsAt } from './context.js';
import { Figure } from './figure.js';
import { faded, type Palette } from './palette.js';
import { type Courses, TimePlot } from './timePlot.js';

/** Waiting for an instance, which the target causes, and lateness, which the generator causes. */
export function Waits({ context }: { readonly context: ChartContext }) {
  const { selected, palette, spread } = context;
  const p99 = (run: Selected, of: (window: Window) => Histogram) => ({
    values: column(run, ({ window }) => spread(of(window))?.p99),
    whole: ms(spread(of(run.window))?.p99),
  });
  return (
    <Figure
      title="Delays before the start"
      unit="p99"
      note="slot wait: the target; lateness: the generator"
      empty={selected.rows.length === 0 && 'No operation has started yet.'}
    >
      <TimePlot
        context={context}
        summary={`Delays before the start. 99th percentiles: slot wait ${ms(spread(selected.window.slotWait)?.p99)}, lateness ${ms(spread(selected.window.lateness)?.p99)}.`}
        of={(run) => ({
          x: moments(run),
          courses: [
            {
              ...{ label: 'slot wait', colour: palette.amber, fill: faded(palette.amber, 0.12) },
              ...p99(run, ({ slotWait }) => slotWait),
            },
            {
              ...{ label: 'lateness', colour: palette.red, fill: faded(palette.red, 0.12) },
              ...p99(run, ({ lateness }) => lateness),
            },
            {
              ...{ label: 'event loop', colour: palette.grey, width: 1, detail: true },
              ...p99(run, ({ loop }) => loop.delay),
            },
          ],
        })}
        scale={{ format: ms, atLeast: 5 }}
      />
    </Figure>
  );
}

function processOf(selected: Selected, palette: Palette): Courses {
  const points = selected.model.view.process;
  return {
    x: points.map(({ at }) => secondsAt(selected, at)),
    courses: [
      {
        ...{ label: 'processors', colour: palette.violet, fill: faded(palette.violet, 0.12) },
        values: points.map(({ reading }) => processorsOf(reading)),
      },
      {
        ...{ label: 'longest GC pause', colour: palette.amber, width: 1, scale: 'right', detail: true },
        values: points.map(({ reading }) => reading.longestGcPauseMs),
      },
    ],
  };
}

/** Processors and pauses of the process. */
export function Health({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const { process } = selected.model.view;
  const { x, courses } = processOf(selected, palette);
  const most = Math.max(0, ...(courses[0]?.values.map(Number) ?? []));
  const last = process.at(-1)?.reading;
  const note =
    last === undefined
      ? undefined
      : `memory ${bytes(last.rssBytes)}${last.openFiles === null ? '' : `, ${count(last.openFiles)} of ${count(last.openFilesLimit)} files open`}`;
  return (
    <Figure
      title="Generator"
      unit="processors in use, and pauses"
      {...(note === undefined ? {} : { note })}
      empty={x.length === 0 && 'Not measured: the run is shorter than a second, or in virtual time.'}
    >
      <TimePlot
        context={context}
        summary={`The generator used at most ${number(most)} processors.`}
        of={(run) => processOf(run, palette)}
        scale={{ format: number, atLeast: 1 }}
        right={{ format: ms, atLeast: 5 }}
      />
    </Figure>
  );
}

/** Bytes received and sent. */
export function Traffic({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  return (
    <Figure title="Traffic" unit="bytes per second" empty={selected.rows.length === 0 && 'Nothing was sent yet.'}>
      <TimePlot
        context={context}
        summary={`Traffic over time. In all ${bytes(selected.counts.bytesIn)} received and ${bytes(selected.counts.bytesOut)} sent.`}
        of={(run) => ({
          x: moments(run),
          courses: [
            {
              ...{ label: 'received', colour: palette.blue, fill: faded(palette.blue, 0.1) },
              values: column(run, (row) => perSecond(row.counts.bytesIn, row)),
              whole: bytes(run.counts.bytesIn),
            },
            {
              ...{ label: 'sent', colour: palette.teal, whole: bytes(run.counts.bytesOut) },
              values: column(run, (row) => perSecond(row.counts.bytesOut, row)),
            },
          ],
        })}
        scale={{ format: bytes, atLeast: 1 }}
      />
    </Figure>
  );
}

/** Counters of the guns besides their shots and connections, such as retries. There is no chart without them. */
export function Counters({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const names = [...selected.window.counters].filter(([, value]) => value > 0).map(([name]) => name);
  if (names.length === 0) return null;
  const colours = [palette.blue, palette.amber, palette.teal, palette.violet, palette.red, palette.grey];
  return (
    <Figure title="Counters of the guns" unit="per second">
      <TimePlot
        context={context}
        summary={`Counters of the guns: ${names.map((name) => `${name} ${count(selected.window.counters.get(name))}`).join(', ')}.`}
        of={(run) => ({
          x: moments(run),
          courses: names.map((name, i) => ({
            ...{ label: name, colour: colours[i % colours.length] as string, steps: true },
            whole: count(run.window.counters.get(name)),
            values: column(run, (row) => perSecond(row.window.counters.get(name) ?? 0, row)),
          })),
        })}
        scale={{ format: number, atLeast: 1 }}
      />
    </Figure>
  );
}
