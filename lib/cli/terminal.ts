import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import pico from 'picocolors';

/** The process as the commands see it, so that a test can hand in another. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a stream gets colour: a terminal does, unless `NO_COLOR` is set (https://no-color.org); `FORCE_COLOR` overrules. */
export function useColour(stream: Io['stdout'], env: Io['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Writes many pieces of text, waiting whenever the stream is full, so that memory stays flat. */
export async function writeAll(stream: Writable, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
}

function hintOf(error: unknown): string | undefined {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
}

/** Prints what went wrong and what can be done about it to stderr. */
export function printError(error: unknown, io: Io): void {
  const paint = pico.createColors(useColour(io.stderr, io.env));
  const message = error instanceof Error ? error.message : String(error);
  io.stderr.write(`${paint.red('error')}  ${message}\n`);
  const hint = hintOf(error);
  if (hint !== undefined) io.stderr.write(`${paint.cyan('hint')}   ${hint}\n`);
}
