import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import pico from 'picocolors';
import type { Log } from '../core/deps.js';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import { type TextStream, useColour } from '../report/format.js';
import { realTimeScheduler } from '../time/realTime.js';
import type { Io } from './terminal.js';

/** The destination and the level of the log. */
export interface LogConfig {
  /** debug, info, warn, error, dpanic, panic or fatal. */
  readonly level: string;
  /** `stdout`, `stderr` or a path of a file, to which lines are appended. */
  readonly file: string;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];
const PAINT = { debug: 'blue', info: 'green', warn: 'yellow', error: 'red' } as const;

/** Writes one line of the log. */
type WriteLine = (level: Level, message: string, fields: Record<string, unknown>) => void;

/** `12:34:56.789`, in local time. */
function clockText(): string {
  const now = new Date(realTimeScheduler.now());
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(now.getMilliseconds()).padStart(3, '0');
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${ms}`;
}

/** Lines of text for users. It loads no modules, so that the first warning of a run does not delay its shots. */
function streamLines(stream: TextStream, { env }: Io): WriteLine {
  const paint = pico.createColors(useColour(stream, env));
  return (level, message, fields) => {
    const rows = Object.entries(fields).map(
      ([key, value]) => `\n    ${key}: ${typeof value === 'string' ? value : inspect(value, { breakLength: 100 })}`,
    );
    const name = paint[PAINT[level]](level.toUpperCase());
    stream.write(`[${clockText()}] ${name}: ${message}${rows.join('')}\n`);
  };
}

/**
 * JSON lines, appended to a file. When the file can no longer be written, this is reported once, and further lines
 * are lost.
 */
function fileLines({ level, file }: LogConfig, io: Io): WriteLine {
  try {
    // Loaded only here and before the first shot: it takes 50 ms.
    const load = createRequire(import.meta.url);
    const { pino } = load('pino') as typeof import('pino');
    const destination = pino.destination({ dest: file, append: true, sync: true });
    let failed = false;
    destination.on('error', (error: unknown) => {
      if (failed) return;
      failed = true;
      io.stderr.write(`the log cannot be written to ${file}: ${describeError(error)}; the run continues without it\n`);
    });
    const known = LEVELS.find((each) => each === level) ?? 'fatal';
    const logger = pino({ level: known, base: null }, destination);
    return (at, message, fields) => logger[at](fields, message);
  } catch (cause) {
    const message = `the log cannot be written to ${file}: ${describeError(cause)}`;
    throw new ElpisError('ELPIS_SINK', message, { cause, hint: 'log.file is stdout, stderr or a path' });
  }
}

/**
 * The run's log: lines of text on a terminal or stream, JSON lines in a file. Writing is synchronous, so no line is
 * lost.
 *
 * @throws ElpisError `ELPIS_SINK` when the file cannot be opened.
 */
export function createLog(config: LogConfig, io: Io): Log {
  const { file } = config;
  const stream = file === 'stdout' ? io.stdout : file === 'stderr' ? io.stderr : undefined;
  const write = stream === undefined ? fileLines(config, io) : streamLines(stream, io);
  // dpanic, panic and fatal are higher than every line of a run.
  const least = (LEVELS as readonly string[]).indexOf(config.level);
  const line =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (least >= 0 && LEVELS.indexOf(level) >= least) write(level, message, fields);
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
