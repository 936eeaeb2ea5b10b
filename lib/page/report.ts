import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { type PageFiles, pageDocument } from './document.js';
import { eventsToWire } from './model/eventWire.js';
import { type ComparedEvents, comparisonToWire, type PageComparison } from './model/pageComparison.js';
import type { PageEvent } from './model/pageEvent.js';

const compressed = promisify(deflateRaw);

/**
 * The report of a run: the page and its data in one HTML file, which needs no network.
 *
 * @param events All that the page shows; see `KeptEvents`.
 * @example
 * declare const kept: KeptEvents;
 * const html = await reportOf(kept.events(), readPageFiles());
 */
export async function reportOf(events: readonly PageEvent[], files: PageFiles): Promise<string> {
  return documentOf(titleOf(events), eventsToWire(events), files);
}

/**
 * The page of a comparison: all runs in every chart, what was found, and the data in one HTML file, which needs no network.
 *
 * @param runs In the order of their sides: those of the baseline first.
 */
export async function comparisonReportOf(
  comparison: PageComparison,
  runs: readonly ComparedEvents[],
  files: PageFiles,
): Promise<string> {
  const title = `${comparison.after} compared with ${comparison.before}`;
  return documentOf(title, comparisonToWire(comparison, runs), files);
}

async function documentOf(title: string, wire: string, files: PageFiles): Promise<string> {
  const data = await compressed(Buffer.from(wire));
  return pageDocument(files, title, data.toString('base64'));
}

function titleOf(events: readonly PageEvent[]): string {
  const started = events.find((event) => event.type === 'run-started');
  if (started === undefined) return 'Elpis report';
  const pools = started.pools.map(({ id }) => id).join(', ');
  return `${pools.slice(0, 80)} - Elpis report`;
}
