import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { RunEvent } from '../engine/runEvent.js';
import { type PageFiles, pageDocument } from './document.js';
import { eventsToWire } from './model/eventWire.js';

const compressed = promisify(deflateRaw);

/**
 * The report of a run: the page and its data in one HTML file, which needs no network.
 *
 * @param events All that the page shows; see `KeptEvents`.
 * @example
 * declare const kept: KeptEvents;
 * const html = await reportOf(kept.events(), readPageFiles());
 */
export async function reportOf(events: readonly RunEvent[], files: PageFiles): Promise<string> {
  const data = await compressed(Buffer.from(eventsToWire(events)));
  return pageDocument(files, titleOf(events), data.toString('base64'));
}

function titleOf(events: readonly RunEvent[]): string {
  const started = events.find((event) => event.type === 'run-started');
  if (started === undefined) return 'Elpis report';
  const pools = started.pools.map(({ id }) => id).join(', ');
  return `${pools.slice(0, 80)} - Elpis report`;
}
