import { ignoreElements, tap } from 'rxjs';
import { struct } from '../codec/struct.js';
import type { RunObserver } from '../engine/runEvent.js';
import { defineComponent } from '../plugin/descriptor.js';
import { type TextStream, useColour } from '../report/format.js';
import { summaryText } from '../report/summaryText.js';

/** Where {@link printSummary} writes. */
export interface PrintSummaryOptions {
  readonly stream: TextStream;
  /** For `TERM`, `NO_COLOR` and `FORCE_COLOR`. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Prints the summary of each pool when the run is over, also when it has failed; see {@link summaryText}. Prints nothing when
 * no pool has started.
 *
 * @example
 * run('./load.yaml', { observers: [printSummary({ stream: process.stdout })] }).subscribe();
 */
export function printSummary({ stream, env = {} }: PrintSummaryOptions): RunObserver {
  return (events) =>
    events.pipe(
      tap((event) => {
        if (event.type !== 'run-finished' || event.summaries.length === 0) return;
        const look = { colour: useColour(stream, env), width: stream.columns ?? 100 };
        stream.write(`${summaryText(event.summaries, look)}\n`);
      }),
      ignoreElements(),
    );
}

/** Selected in a config by `summary-text`. */
export const summaryTextObserver = defineComponent({
  kind: 'observer',
  name: 'summary-text',
  summary: 'Prints the summary of the run to stdout at its end.',
  codec: () => struct('summary-text', {}),
  create: (_options, { stdout }) => printSummary({ stream: stdout }),
});
