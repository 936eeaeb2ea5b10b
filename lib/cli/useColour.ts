import type { Io } from './io.js';

/** Whether a stream gets colour: a terminal does, unless `NO_COLOR` is set (https://no-color.org); `FORCE_COLOR` overrules. */
export function useColour(stream: Io['stdout'], env: Io['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
