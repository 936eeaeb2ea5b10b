import { CONNECTION_PHASES, type ConnectionPhase, hasConnections } from '../../../measure/connectionCounts.js';
import { count, ms, number, percent, rate } from '../data/format.js';
import { PHASE_NAMES } from '../data/phases.js';
import type { Row, Selected } from '../data/selection.js';
import { type ChartContext, column, moments, perSecond } from './context.js';
import { Figure } from './figure.js';
import { faded, type Palette } from './palette.js';
import { type Course, type Courses, TimePlot } from './timePlot.js';
import { LEAST_MS } from './times.js';

function connectionsOf(selected: Selected, palette: Palette): Courses {
  const { connections, from, to } = selected.window;
  const seconds = Math.max(1, to - from) / 1000;
  const per = (label: string, colour: string, of: (row: Row) => number, whole: number): Course => ({
    ...{ label, colour, steps: true, whole: rate(whole / seconds) },
    values: column(selected, (row) => perSecond(of(row), row)),
  });
  const { opened, reused, closedByTarget, failed, broken } = connections;
  const of = (row: Row) => row.window.connections;
  return {
    x: moments(selected),
    courses: [
      {
        ...{ label: 'open now', colour: palette.grey, fill: faded(palette.grey, 0.12), scale: 'right', steps: true },
        ...{ whole: `at most ${count(Math.max(0, ...selected.rows.map(({ open }) => open)))}` },
        values: column(selected, ({ open }) => open),
      },
      per('reused', palette.teal, (row) => of(row).reused, reused),
      per('opened', palette.blue, (row) => of(row).opened, opened),
      ...(closedByTarget > 0
        ? [per('closed by the target', palette.amber, (row) => of(row).closedByTarget, closedByTarget)]
        : []),
      ...(failed + broken > 0
        ? [per('failed or broken', palette.red, (row) => of(row).failed + of(row).broken, failed + broken)]
        : []),
    ],
  };
}

/** How many connections were opened, used again and lost, and how many are open. */
export function Connections({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const { connections } = selected.window;
  const { opened, reused } = connections;
  const again = opened + reused === 0 ? undefined : `${percent(reused / (opened + reused))} of the requests reused one`;
  return (
    <Figure
      title="Connections"
      unit="per second; open: right"
      {...(again === undefined ? {} : { note: again })}
      empty={!hasConnections(connections) && 'The guns have counted no connections.'}
    >
      <TimePlot
        context={context}
        summary={`Connections over time. ${count(opened)} were opened, and ${count(reused)} requests reused one.`}
        of={(run) => connectionsOf(run, palette)}
        scale={{ format: number, atLeast: 1, whole: true }}
        right={{ format: count, atLeast: 1, whole: true }}
      />
    </Figure>
  );
}

/** How long the phases of connections and exchanges take, over time. */
export function Phases({ context }: { readonly context: ChartContext }) {
  const { selected, palette, spread } = context;
  const { logarithmic } = context.store.state;
  const { phases } = selected.window.connections;
  const colours: Readonly<Record<ConnectionPhase, string>> = {
    ...{ dns: palette.violet, connect: palette.blue, tls: palette.amber },
    ...{ wait: palette.teal, receive: palette.green },
  };
  const known = CONNECTION_PHASES.filter((phase) => phases[phase].count > 0);
  const p99 = (phase: ConnectionPhase): string => ms(spread(phases[phase])?.p99);
  return (
    <Figure
      title="Phases"
      unit="p99"
      note="wait: from the request to the head of the response"
      empty={known.length === 0 && 'The guns have measured no phases.'}
    >
      <TimePlot
        context={context}
        summary={`Phases of connections and exchanges, 99th percentiles: ${known.map((phase) => `${PHASE_NAMES[phase]} ${p99(phase)}`).join(', ')}.`}
        of={(run) => ({
          x: moments(run),
          courses: known.map((phase) => ({
            ...{ label: PHASE_NAMES[phase], colour: colours[phase], connected: true },
            whole: ms(spread(run.window.connections.phases[phase])?.p99),
            values: column(run, ({ window }) => {
              const value = spread(window.connections.phases[phase])?.p99;
              // A response in one piece is received in no time, which a logarithmic scale does not have.
              return logarithmic && value !== undefined && value < LEAST_MS ? null : value;
            }),
          })),
        })}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}
