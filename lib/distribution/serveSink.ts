import type { SinkHub } from './sinkHub.js';
import type { ThreadReport } from './threadMessages.js';

/**
 * Does what a thread asks of a sink and acknowledges it. False when the report is about something else.
 *
 * @param thread Tells the sinks of different threads apart.
 */
export function serveSink(
  hub: SinkHub,
  thread: number,
  report: ThreadReport,
  acknowledge: (id: number, error: string | undefined) => void,
): boolean {
  const done = (id: number) => (error?: Error) => acknowledge(id, error?.message);
  switch (report.type) {
    case 'sink-open':
      hub.open(`${thread} ${report.id}`, report.name, report.config, done(report.id));
      return true;
    case 'sink-write':
      hub.write(`${thread} ${report.id}`, report.chunk, done(report.id));
      return true;
    case 'sink-end':
      hub.end(`${thread} ${report.id}`, done(report.id));
      return true;
    default:
      return false;
  }
}
