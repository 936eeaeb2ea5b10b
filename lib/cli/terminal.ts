import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import pico from 'picocolors';
import { located } from '../plugin/userPlace.js';
import { type TextStream, useColour } from '../report/format.js';

/** The parts of the process that the commands use, so that a test can pass others. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Writes many pieces of text, waiting whenever the stream is full, so that memory is bounded. */
export async function writeAll(stream: Writable, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
}

/**
 * Prints an error to stderr: the message, the place, the hint, and where the docs explain it; then the other errors. In a file
 * or a pipe it begins with `ERROR`, which Yandex.Tank looks for.
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
