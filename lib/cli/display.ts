import { readFileSync } from 'node:fs';
import { duration } from '../codec/duration.js';
import { oneOf } from '../codec/scalars.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { NamedObserver } from '../engine/observed.js';
import { showLiveLine } from '../observers/liveLine.js';
import type { TextStream } from '../report/format.js';
import { type Given, value } from './command.js';
import type { SignalSource } from './signals.js';
import type { Io } from './terminal.js';

/** The options of the display of a run. */
export const DISPLAYING = {
  ui: value(
    'auto|screen|lines|off',
    oneOf(['auto', 'screen', 'lines', 'off']),
    'what is shown during the run: the screen, a line for each interval, or nothing; auto is the screen on a terminal',
    { fallback: 'auto' },
  ),
  every: value('duration', duration, 'interval of the lines', { fallback: '1s' }),
};

/** The values of these options. */
export type Displaying = Given<typeof DISPLAYING>;

/** What shows a run, and whether it steers it. */
export interface Display {
  readonly observers: readonly NamedObserver[];
  readonly steers: boolean;
}

/** The streams of a run, and the names of the observers of its config. */
interface Displayed {
  readonly listed: readonly string[];
  readonly deps: Pick<Deps, 'stdin' | 'stdout' | 'stderr'>;
}

/** Fewer rows have no room for a screen. */
const LEAST_ROWS = 8;

/**
 * False for a job in the background, which must not read the terminal: the system would stop it. True when it is not known.
 *
 * @param stat The text of `/proc/self/stat`.
 */
export function inForeground(stat: string): boolean {
  // The name of the program, in brackets, may contain blanks.
  const [, , group, , , foreground] = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  return foreground === undefined || foreground === '-1' || group === foreground;
}

function ownStat(): string {
  try {
    return readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return '';
  }
}

const isTerminal = (stream: unknown): boolean => (stream as TextStream).isTTY === true;

/**
 * Chooses the display of a run. The code of the screen is loaded here, before the first shot. A display that the config already lists is not
 * added again.
 *
 * @throws ElpisError `ELPIS_USAGE` for a screen without a terminal.
 */
export async function displayOf(
  { listed, deps }: Displayed,
  { ui, every }: Displaying,
  io: Io,
  { onTerminal }: Pick<SignalSource, 'onTerminal'>,
): Promise<Display> {
  const { stderr, env } = io;
  const { stdin, stdout } = deps;
  const able = isTerminal(deps.stderr) && env.TERM !== 'dumb';
  if (ui === 'screen' && !able) {
    throw new ElpisError('ELPIS_USAGE', '--ui screen: stderr is not a terminal that can show a screen', {
      hint: '--ui auto shows lines instead',
    });
  }
  if (ui === 'off' || listed.includes('screen') || listed.includes('live-line'))
    return { observers: [], steers: false };
  const roomy = (stderr.rows ?? LEAST_ROWS) >= LEAST_ROWS;
  if (ui === 'screen' || (ui === 'auto' && able && roomy && inForeground(ownStat()))) {
    const { showScreen } = await import('../observers/screen/showScreen.js');
    const observer = showScreen({
      ...{ stream: deps.stderr, env, others: [stdout, deps.stderr].filter(isTerminal), onTerminal },
      ...(isTerminal(stdin) && !stdin.readableEnded ? { stdin } : {}),
    });
    return { observers: [{ name: 'screen', observer }], steers: true };
  }
  return {
    observers: [{ name: 'live-line', observer: showLiveLine({ stream: stderr, env, plain: true, everyMs: every }) }],
    steers: false,
  };
}
