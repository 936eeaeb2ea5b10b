import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StatsRecorder } from './statsRecorder.js';

/**
 * Answers `GET /stats` (with `?arrivals=1` also the latest arrival times) and `POST /reset-stats`. These requests are not
 * counted themselves. False when the path is another.
 */
export function serveStats(
  path: string,
  { method, url }: IncomingMessage,
  response: ServerResponse,
  recorder: StatsRecorder,
): boolean {
  if (path === '/stats') {
    const query = new URLSearchParams(url?.split('?')[1]);
    const body = JSON.stringify(recorder.snapshot(query.get('arrivals') === '1'));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`${body}\n`);
    return true;
  }
  if (path !== '/reset-stats') return false;
  if (method === 'POST') {
    recorder.reset();
    response.writeHead(204).end();
  } else {
    response.writeHead(405, { Allow: 'POST' }).end('use POST\n');
  }
  return true;
}
