import { ignoreElements, tap } from 'rxjs';
import { struct } from '../codec/struct.js';
import type { RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { type TextStream, useColour } from '../report/format.js';
import { summaryText } from '../report/summaryText.js';

/** Options of {@link printSummaryTo}. */
export interface PrintSummaryOptions {
  readonly stream: TextStream;
  /** Variables `TERM`, `NO_COLOR` and `FORCE_COLOR`. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Prints the summary of each pool at the end of the run, also of a failed one; see {@link summaryText}. Prints nothing
 * when no pool has started.
 */
export function printSummaryTo({ stream, env = {} }: PrintSummaryOptions): RunObserver {
  return (events) =>
    events.pipe(
      tap((event) => {
        if (event.type !== 'run-finished' || event.summaries.length === 0) return;
        const look = { colour: useColour(stream, env), width: stream.columns ?? 100, seed: event.seed, outcome: event };
        stream.write(`${summaryText(event.summaries, look)}\n`);
      }),
      ignoreElements(),
    );
}

/**
 * Prints the summary of the run to stdout. Selected in a config by `summary-text`.
 *
 * @example
 * run('./load.yaml', { observers: [printSummary()] }).subscribe();
 */
export const printSummary = component({
  kind: 'observer',
  name: 'summary-text',
  summary: 'Prints the summary of the run to stdout at its end.',
  example: {},
  options: struct('summary-text', {}),
  create: (_options, { stdout }) => printSummaryTo({ stream: stdout }),
  traits: () => ({ stdout: true }),
});
