import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import { describeError } from '../core/blame.js';
import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import { useColour } from '../report/format.js';
import type { Io } from './terminal.js';

/** Where the log goes and how much of it. */
export interface LogConfig {
  /** debug, info, warn, error, dpanic, panic or fatal. */
  readonly level: string;
  /** `stdout`, `stderr` or a path, which is appended to. */
  readonly file: string;
}

const LEVELS: Readonly<Record<string, string>> = { dpanic: 'fatal', panic: 'fatal' };

/** Loaded at the first line: most runs have nothing to say, and loading takes 50 ms before the first shot. */
const require = createRequire(import.meta.url);

function openLogger({ level, file }: LogConfig, io: Io): Logger {
  const { pino } = require('pino') as typeof import('pino');
  const stream = file === 'stdout' ? io.stdout : file === 'stderr' ? io.stderr : undefined;
  const options = { level: LEVELS[level] ?? level, base: null };
  if (stream === undefined) return pino(options, pino.destination({ dest: file, append: true, sync: true }));
  const { PinoPretty } = require('pino-pretty') as typeof import('pino-pretty');
  const colorize = useColour(stream, io.env);
  return pino(options, PinoPretty({ destination: stream, sync: true, colorize, translateTime: 'SYS:HH:MM:ss.l' }));
}

function openFile(config: LogConfig, io: Io): Logger {
  try {
    return openLogger(config, io);
  } catch (cause) {
    const message = `the log can not be written to ${config.file}: ${describeError(cause)}`;
    throw new ElpisError('ELPIS_SINK', message, { cause, hint: 'log.file is stdout, stderr or a path' });
  }
}

/**
 * The run's log: readable lines on a terminal or stream, JSON lines in a file. Writing is synchronous: no line is lost.
 *
 * @throws ElpisError `ELPIS_SINK` when the file can not be opened.
 */
export function createLog(config: LogConfig, io: Io): Log {
  const isStream = config.file === 'stdout' || config.file === 'stderr';
  let opened = isStream ? undefined : openFile(config, io);
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      opened ??= openLogger(config, io);
      opened[level](fields, message);
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
