import { loopUtilization } from '../../../measure/loopWatch.js';
import { processorsOf } from '../../../view/processSeries.js';
import { bytes, count, ms, number, percent } from '../data/format.js';
import { type ChartContext, column, moments, overTime, perSecond, secondsAt } from './context.js';
import { Figure } from './figure.js';
import { faded } from './palette.js';
import { Plot } from './plot.js';

/** Waiting for an instance, which the target causes, and lateness, which the generator causes. */
export function Waits({ context }: { readonly context: ChartContext }) {
  const { selected, palette, spread } = context;
  const slotWait = column(selected, ({ window }) => spread(window.slotWait)?.p99);
  const lateness = column(selected, ({ window }) => spread(window.lateness)?.p99);
  const loop = column(selected, ({ window }) => spread(window.loop.delay)?.p99);
  return (
    <Figure
      title="Delays before the start"
      unit="p99"
      note="slot wait: the target; lateness: the generator"
      empty={selected.rows.length === 0 && 'No operation has started yet.'}
    >
      <Plot
        {...overTime(context)}
        summary={`Delays before the start. 99th percentiles: slot wait ${ms(spread(selected.window.slotWait)?.p99)}, lateness ${ms(spread(selected.window.lateness)?.p99)}.`}
        x={moments(selected)}
        lines={[
          { label: 'slot wait', colour: palette.amber, fill: faded(palette.amber, 0.12) },
          { label: 'lateness', colour: palette.red, fill: faded(palette.red, 0.12) },
          { label: 'event loop', colour: palette.grey, width: 1 },
        ]}
        values={[slotWait, lateness, loop]}
        scale={{ format: ms, atLeast: 5 }}
      />
    </Figure>
  );
}

/** Processors and pauses of the process. */
export function Health({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const points = selected.model.view.process;
  const x = points.length > 0 ? points.map(({ at }) => secondsAt(selected, at)) : moments(selected);
  const busy = column(selected, ({ window }) => loopUtilization(window.loop));
  const processors = points.map(({ reading }) => processorsOf(reading));
  const pauses = points.map(({ reading }) => reading.longestGcPauseMs);
  const measured = points.length > 0 || busy.some((value) => value !== null);
  const last = points.at(-1)?.reading;
  const note =
    last === undefined
      ? undefined
      : `memory ${bytes(last.rssBytes)}${last.openFiles === null ? '' : `, ${count(last.openFiles)} of ${count(last.openFilesLimit)} files open`}`;
  return (
    <Figure
      title="Generator"
      unit={points.length > 0 ? 'cores in use, and pauses' : 'busy event loop'}
      {...(note === undefined ? {} : { note })}
      empty={!measured && 'Not measured in virtual time.'}
    >
      {points.length > 0 ? (
        <Plot
          {...overTime(context)}
          summary={`The generator used ${number(processors.at(-1))} cores at the end.`}
          x={x}
          lines={[
            { label: 'cores', colour: palette.violet, fill: faded(palette.violet, 0.12) },
            { label: 'longest GC pause', colour: palette.amber, width: 1, scale: 'right' },
          ]}
          values={[processors, pauses]}
          scale={{ format: number, atLeast: 1 }}
          right={{ format: ms, atLeast: 5 }}
        />
      ) : (
        <Plot
          {...overTime(context)}
          summary={`The event loop of the generator was busy for ${percent(busy.at(-1))} of the time at the end.`}
          x={x}
          lines={[{ label: 'busy', colour: palette.violet, fill: faded(palette.violet, 0.12) }]}
          values={[busy]}
          scale={{ format: (value) => percent(value), atLeast: 1 }}
        />
      )}
    </Figure>
  );
}

/** Bytes received and sent. */
export function Traffic({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const received = column(selected, (row) => perSecond(row.counts.bytesIn, row));
  const sent = column(selected, (row) => perSecond(row.counts.bytesOut, row));
  return (
    <Figure title="Traffic" unit="bytes per second" empty={selected.rows.length === 0 && 'Nothing was sent yet.'}>
      <Plot
        {...overTime(context)}
        summary={`Traffic over time. In all ${bytes(selected.counts.bytesIn)} received and ${bytes(selected.counts.bytesOut)} sent.`}
        x={moments(selected)}
        lines={[
          { label: 'received', colour: palette.blue, fill: faded(palette.blue, 0.1) },
          { label: 'sent', colour: palette.teal },
        ]}
        values={[received, sent]}
        scale={{ format: bytes, atLeast: 1 }}
      />
    </Figure>
  );
}

/** Counters of the guns, such as connections and retries. */
export function Counters({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const names = [...selected.window.counters].filter(([, value]) => value > 0).map(([name]) => name);
  const colours = [palette.blue, palette.amber, palette.teal, palette.violet, palette.red, palette.grey];
  return (
    <Figure
      title="Connections"
      unit="per second"
      empty={
        names.length === 0 && 'The guns have counted nothing besides their shots: no retries, no lost connections.'
      }
    >
      <Plot
        {...overTime(context)}
        summary={`Counters of the guns: ${names.map((name) => `${name} ${count(selected.window.counters.get(name))}`).join(', ')}.`}
        x={moments(selected)}
        lines={names.map((name, i) => ({ label: name, colour: colours[i % colours.length] as string, steps: true }))}
        values={names.map((name) => column(selected, (row) => perSecond(row.window.counters.get(name) ?? 0, row)))}
        scale={{ format: number, atLeast: 1 }}
      />
    </Figure>
  );
}
