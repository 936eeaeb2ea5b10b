import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { type SchedulerLike, Subscription } from 'rxjs';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import type { Playback, RunHandle } from '../../engine/runHandle.js';
import { contentPolicy, type PageFiles, pageDocument } from '../document.js';
import { eventsToWire } from '../model/eventWire.js';
import { forPage, KeptEvents } from '../model/keptEvents.js';
import { Gate, type Refusal } from './gate.js';
import { Reader } from './reader.js';
import { steer } from './steer.js';

/** Readers at the same time. */
export const MAX_READERS = 16;
/** Connections at the same time, of pages and of anything else; more are closed at once. */
export const MAX_CONNECTIONS = 64;
/** The time in which a request must have arrived, so that no connection is held by one that never does. */
const REQUEST_MS: Millis = 10_000;
/** Events of a snapshot in one frame. */
const BATCH = 8;
/** A command is a few words. */
const MAX_BODY_BYTES = 4096;

/** Options of {@link PageServer}. */
export interface PageServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly token: string | undefined;
  readonly files: PageFiles;
  readonly handle: RunHandle;
  readonly scheduler: SchedulerLike;
}

const frame = (event: string, data: string): string => `event: ${event}\ndata: ${data}\n\n`;

/** Headers of every response. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * Serves the page of a run, its events, and the way back: `GET /`, `GET /events` (server-sent events) and `POST /steer`. See {@link Gate} for
 * who may use it, and {@link Reader} for slow readers.
 */
export class PageServer {
  readonly #kept = new KeptEvents();
  readonly #readers = new Set<Reader>();
  readonly #page: string;
  readonly #policy: string;
  #server: Server | undefined;
  #gate: Gate | undefined;
  /** How a recorded run is played. */
  #playback: Playback | undefined;
  readonly #playing: Subscription;

  constructor(private readonly options: PageServerOptions) {
    this.#page = pageDocument(options.files, 'Elpis');
    this.#playing = new Subscription();
    this.#playing.add(options.handle.playback?.subscribe((playback) => this.#play(playback)));
    this.#policy = `${contentPolicy(options.files, true)}; frame-ancestors 'none'`;
  }

  /** Listens. Calls back with its address, with the token in the part that no browser sends. */
  open(
    create: (handle: (request: IncomingMessage, response: ServerResponse) => void) => Server,
    onOpen: (url: string) => void,
    onError: (error: ElpisError) => void,
  ): void {
    const { host, port, token } = this.options;
    const server = create((request, response) => this.#handle(request, response));
    this.#server = server;
    server.maxConnections = MAX_CONNECTIONS;
    server.headersTimeout = REQUEST_MS;
    server.requestTimeout = REQUEST_MS;
    server.on('error', (cause) => {
      const message = `the dashboard cannot listen on ${host}:${port}: ${describeError(cause)}`;
      onError(new ElpisError('ELPIS_LISTEN', message, { cause, hint: 'choose another port, or none for a free one' }));
    });
    server.listen(port, host, () => {
      const { port: opened } = server.address() as AddressInfo;
      this.#gate = new Gate({ host, port: opened, token });
      const named = isIPv6(host) ? `[${host}]` : host;
      onOpen(`http://${named}:${opened}/${token === undefined ? '' : `#${token}`}`);
    });
  }

  /** Frames that the connected readers have not received. */
  get dropped(): number {
    return [...this.#readers].reduce((sum, { dropped }) => sum + dropped, 0);
  }

  /** Number of readers that are connected. */
  get readers(): number {
    return this.#readers.size;
  }

  add(event: RunEvent): void {
    this.#kept.add(event);
    if (this.#readers.size === 0) return;
    const shown = forPage(event);
    if (shown === undefined) return;
    const text = frame('events', eventsToWire([shown]));
    for (const reader of [...this.#readers]) reader.send(text);
  }

  /** The run is over: readers receive what is left. */
  end(): void {
    for (const reader of this.#readers) {
      reader.send(frame('end', '{}'));
      reader.end();
    }
  }

  /** Closes everything at once. */
  close(): void {
    this.#playing.unsubscribe();
    for (const reader of [...this.#readers]) reader.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #play(playback: Playback): void {
    this.#playback = playback;
    for (const reader of [...this.#readers]) reader.send(frame('playback', JSON.stringify(playback)));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?')[0];
    const gate = this.#gate;
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (gate === undefined) refuse(response, { status: 503, text: 'not open yet' });
    else if (path === '/') this.#get(request, response, gate.page(request), () => this.#document(response));
    else if (path === '/events') this.#get(request, response, gate.data(request), () => this.#stream(response));
    else if (path === '/steer') {
      const refusal = gate.command(request);
      if (refusal === undefined) this.#steer(request, response);
      else refuse(response, refusal);
    } else refuse(response, { status: 404, text: 'not found' });
  }

  #get(request: IncomingMessage, response: ServerResponse, refusal: Refusal | undefined, then: () => void): void {
    if (refusal !== undefined) refuse(response, refusal);
    else if (request.method !== 'GET') refuse(response, { status: 405, text: 'expected GET' });
    else then();
  }

  #document(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': this.#policy });
    response.end(this.#page);
  }

  #stream(response: ServerResponse): void {
    if (this.#readers.size >= MAX_READERS) {
      refuse(response, { status: 503, text: `${MAX_READERS} pages are open, which is the limit` });
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    const { scheduler } = this.options;
    const reader: Reader = new Reader(response, {
      snapshot: (dropped) => this.#snapshot(dropped),
      scheduler,
      onClose: () => this.#readers.delete(reader),
    });
    this.#readers.add(reader);
  }

  *#snapshot(dropped: number): Generator<string> {
    const { steerable } = this.options.handle;
    yield frame('start', JSON.stringify({ dropped, steerable }));
    if (this.#playback !== undefined) yield frame('playback', JSON.stringify(this.#playback));
    const events = this.#kept.events();
    for (let i = 0; i < events.length; i += BATCH) yield frame('events', eventsToWire(events.slice(i, i + BATCH)));
    yield frame('live', '{}');
  }

  #steer(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= MAX_BODY_BYTES) parts.push(part);
      else if (!response.headersSent) {
        response.setHeader('Connection', 'close');
        refuse(response, { status: 413, text: `a command has at most ${MAX_BODY_BYTES} bytes` });
      }
    });
    request.on('end', () => {
      if (response.headersSent) return;
      const fault = steer(this.options.handle, Buffer.concat(parts).toString());
      if (fault === undefined) response.writeHead(204).end();
      else refuse(response, { status: 400, text: fault });
    });
    request.on('error', () => response.destroy());
  }
}

function refuse(response: ServerResponse, { status, text }: { readonly status: number; readonly text: string }): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
