import { createRequire } from 'node:module';
import { Observable, ReplaySubject, takeUntil } from 'rxjs';
import { ElpisError } from '../core/errors.js';
import type { RunEvent, RunObserver } from '../engine/runEvent.js';

/** Loaded synchronously, so that no shot waits for it. */
const load = createRequire(import.meta.url);

/** Options of {@link servedText}. */
export interface ServedTextOptions {
  /** Its name in messages. */
  readonly name: string;
  /** The only path that it has. */
  readonly path: string;
  readonly contentType: string;
  readonly port: number;
  readonly host: string;
  /** How to get another port. */
  readonly hint: string;
  /** Called with the port and the address when it is open. */
  readonly onListening?: ((port: number, address: string) => void) | undefined;
}

/** A fold of the events, and its text at any time. */
export interface TextFold {
  add(event: RunEvent): void;
  text(): string;
}

/**
 * Serves a text about the run at one path over HTTP, from before the first shot until the end of the run.
 *
 * @param start Makes the fold of one run.
 * @returns Errors with `ELPIS_LISTEN` when the port cannot be opened.
 */
export function servedText(options: ServedTextOptions, start: () => TextFold): RunObserver {
  return (events) =>
    new Observable<never>((destination) => {
      const fold = start();
      const ended = new ReplaySubject<void>(1);
      destination.add(events.subscribe({ next: (event) => fold.add(event), complete: () => ended.next() }));
      destination.add(serve(fold, options).pipe(takeUntil(ended)).subscribe(destination));
    });
}

/** Serves until it is unsubscribed from. */
function serve(
  fold: TextFold,
  { name, path, contentType, port, host, hint, onListening }: ServedTextOptions,
): Observable<never> {
  return new Observable<never>((destination) => {
    const { createServer } = load('node:http') as typeof import('node:http');
    const server = createServer((request, response) => {
      if (request.url?.split('?')[0] !== path) {
        response.writeHead(404).end('404 page not found\n');
        return;
      }
      response.writeHead(200, { 'Content-Type': contentType }).end(fold.text());
    });
    server.on('error', (cause) => {
      const message = `${name} cannot listen on ${host}:${port}: ${cause.message}`;
      destination.error(new ElpisError('ELPIS_LISTEN', message, { cause, hint }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) onListening?.(address.port, address.address);
    });
    destination.add(() => {
      server.closeAllConnections();
      server.close();
    });
  });
}
