import type { Readable, Writable } from 'node:stream';
import pico from 'picocolors';
import type { Redactor } from '../core/redact.js';
import { located } from '../plugin/userPlace.js';
import { type TextStream, useColour } from '../report/format.js';

/** The parts of the process that the commands use, so that a test can pass others. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A stream that hides secrets in its text. */
function redactedStream(stream: TextStream, redactor: Redactor): TextStream {
  const write = (text: string): boolean => stream.write(redactor.text(text));
  return new Proxy(stream, {
    get: (target, key) => {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/**
 * The same streams for the text of the commands, with hidden secrets. Results of a run are written to the original
 * streams.
 */
export function redactedIo(io: Io, redactor: Redactor): Io {
  return { ...io, stdout: redactedStream(io.stdout, redactor), stderr: redactedStream(io.stderr, redactor) };
}

/** Resolves when the stream has drained or failed. */
function room(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'error', 'close']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'error', 'close']) stream.on(event, done);
  });
}

/**
 * Writes pieces of text, and waits when the stream is full, so that memory is bounded. Stops when the stream fails,
 * for example when its reader has closed the pipe; the failure is an event of the stream.
 */
export async function writeAll(stream: Writable, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  let failed = false;
  const fail = (): void => {
    failed = true;
  };
  stream.on('error', fail);
  try {
    for await (const piece of pieces) {
      // A stream that writes synchronously has its error before it emits it.
      if (failed || stream.errored != null || stream.destroyed) return;
      if (!stream.write(piece)) await room(stream);
    }
  } finally {
    stream.off('error', fail);
  }
}

/**
 * Prints an error to stderr: the message, the place, the hint, and the page of the docs; then the other errors. In a
 * file or a pipe it begins with `ERROR`, for which Yandex.Tank searches.
 *
 * ```text
 * error  pool "main": gun "mine" cannot be made: no key
 * at     /home/me/mine.ts:12:9
 * hint   set KEY
 * code   ELPIS_PLUGIN: see docs/ERRORS.md#elpis_plugin
 * ```
 */
export function printError(error: unknown, io: Io): void {
  const paint = pico.createColors(useColour(io.stderr, io.env));
  const { code, message, thread, place, hint, also = [], cause } = located(error);
  const lines = [`${paint.red(io.stderr.isTTY === true ? 'error' : 'ERROR')}  ${message}`];
  if (place !== undefined && !message.includes(place)) lines.push(`${paint.cyan('at')}     ${place}`);
  if (thread !== undefined) lines.push(`${paint.cyan('in')}     thread ${thread}`);
  if (hint !== undefined) lines.push(`${paint.cyan('hint')}   ${hint}`);
  if (code === 'ELPIS_INTERNAL') {
    lines.push(`${paint.cyan('hint')}   this is a defect of Elpis: please report it with the lines below`);
    if (cause instanceof Error && cause.stack !== undefined) lines.push(cause.stack);
  }
  lines.push(`${paint.cyan('code')}   ${code}: see docs/ERRORS.md#${code.toLowerCase()}`);
  io.stderr.write(`${lines.join('\n')}\n`);
  for (const other of also) printError(other, io);
}
