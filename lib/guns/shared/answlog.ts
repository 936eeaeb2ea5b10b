import { createWriteStream, truncateSync, WriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { Observable } from 'rxjs';
import type { Log } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes, EpochMs } from '../../core/units.js';
import type { ResponseRecorder } from '../../wire/http1/capture.js';
import type { HttpGunConfig } from './httpOptions.js';

/** Records beyond this many buffered bytes are dropped and counted, so that a slow disk cannot fill the memory. */
const WAITING_LIMIT: Bytes = 64 * 1024 * 1024;

/** Lowest status that each filter writes. */
const LOGGED_FROM = { all: 0, warning: 400, error: 500 };

/** The lowest status that is logged; infinite when none is. */
export function loggedFrom({ enabled, filter }: Pick<HttpGunConfig['answlog'], 'enabled' | 'filter'>): number {
  return enabled ? LOGGED_FROM[filter] : Number.POSITIVE_INFINITY;
}

/** Each thread has the file open: it is emptied before the first record, and everything is appended. */
function open(path: string): Writable {
  try {
    truncateSync(path);
  } catch {
    // There is no file yet, or opening it fails and reports why.
  }
  return createWriteStream(path, { flags: 'a' });
}

function sinkError(path: string, what: string, cause: Error): ElpisError {
  return new ElpisError('ELPIS_SINK', `answlog ${path}: ${what}`, { cause, hint: 'check answlog.path of the gun' });
}

function record(now: EpochMs, title: string, ...parts: readonly Uint8Array[]): Buffer {
  const start = Buffer.from(`${new Date(now).toISOString()}\tDEBUG\t${title}:\n`);
  return Buffer.concat([start, ...parts, Buffer.from('\n')]);
}

/**
 * The response of a step as Pandora's scenario guns write it: status line, LF, headers, LF, and the body without framing. The
 * headers are those of the dump.
 */
function stepResponse({ head, body }: ResponseRecorder): Buffer {
  const lines = `${head?.first ?? ''}${head?.rest ?? ''}`.split('\r\n').filter((line) => line !== '');
  const [status = '', ...headers] = lines;
  const text = `${status}\n${headers.map((line) => `${line}\r\n`).join('')}\n`;
  return Buffer.concat([Buffer.from(text, 'latin1'), body, Buffer.from('\n')]);
}

/**
 * The file of requests and their responses, in the form of Pandora's `answlog`: for each logged response a record with
 * the request as sent, and one with the response as Go dumps it: headers sorted, a chunked body in one chunk. A step of a scenario file
 * has its name in both records, `REQUEST[scenario.request.1.2]:`, and its body without framing.
 */
export class Answlog {
  #file: Writable | undefined;
  /** The number of responses to log, and how many of them are on disk. */
  #logged = 0;
  #written = 0;
  #dropped = 0;
  #truncated = 0;
  /** The error after which the open file can no longer be written. */
  #broken: Error | undefined;
  #ready = false;

  /** @param create Opens the file. Default: a truncated file on disk. */
  constructor(
    readonly path: string,
    readonly log: Log,
    readonly create: (path: string) => Writable = open,
  ) {}

  /** Opens the file; completes when it can be written. */
  open(): Observable<never> {
    return new Observable((subscriber) => {
      const file = this.create(this.path);
      this.#file = file;
      const ready = (): void => {
        this.#ready = true;
        subscriber.complete();
      };
      if (file instanceof WriteStream) file.once('ready', ready);
      else ready();
      file.on('error', (error: Error) => {
        // A file that was never open has lost no records: the error of opening it is enough.
        if (this.#ready) this.#broken ??= error;
        subscriber.error(sinkError(this.path, error.message, error));
      });
    });
  }

  write(now: EpochMs, request: Uint8Array, response: ResponseRecorder, step?: string): void {
    if (!this.#takes()) return;
    if (response.truncated) this.#truncated++;
    const named = step === undefined ? '' : `[${step}]`;
    this.#put(
      record(now, `REQUEST${named}`, request, Buffer.from(step === undefined ? '\n\n' : '\n')),
      record(now, `RESPONSE${named}`, step === undefined ? response.dump : stepResponse(response)),
    );
  }

  /** Writes the two records of a call that have fields in JSON instead of a dump. */
  writeFields(now: EpochMs, request: object, response: object): void {
    if (!this.#takes()) return;
    const line = (title: string, fields: object): Buffer =>
      Buffer.from(`${new Date(now).toISOString()}\tDEBUG\t${title}:\t${JSON.stringify(fields)}\n`);
    this.#put(line('Request', request), line('Response', response));
  }

  /** Counts a response; false when it is dropped. */
  #takes(): boolean {
    this.#logged++;
    const file = this.#file;
    const takes = file !== undefined && this.#broken === undefined && file.writableLength <= WAITING_LIMIT;
    if (!takes) this.#dropped++;
    return takes;
  }

  #put(request: Buffer, response: Buffer): void {
    const file = this.#file;
    // Both in one system call, so that the records of another thread do not come between them.
    file?.cork();
    file?.write(request);
    file?.write(response, (error) => {
      if (!error) this.#written++;
    });
    file?.uncork();
  }

  /** Flushes and closes; completes when everything is on disk, and errors with `ELPIS_SINK` when the file could not be written. */
  close(): Observable<never> {
    return new Observable((subscriber) => {
      const finish = (): void => {
        const fields = {
          path: this.path,
          dropped: this.#dropped,
          truncated: this.#truncated,
        };
        if (this.#broken !== undefined) {
          const lost = `${this.#logged - this.#written} of ${this.#logged} logged responses are lost`;
          subscriber.error(sinkError(this.path, `${this.#broken.message}; ${lost}`, this.#broken));
          return;
        }
        if (this.#dropped > 0 || this.#truncated > 0) this.log.warn('answlog is incomplete', fields);
        subscriber.complete();
      };
      const file = this.#file;
      if (file === undefined || file.destroyed) finish();
      else {
        file.once('close', finish);
        file.end();
      }
    });
  }
}
