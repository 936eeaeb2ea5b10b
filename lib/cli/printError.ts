import pico from 'picocolors';
import type { Io } from './io.js';
import { useColour } from './useColour.js';

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
