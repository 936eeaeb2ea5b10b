import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../core/deps.js';
import type { Io } from './io.js';
import { useColour } from './useColour.js';

/** Where the log goes and how much of it. */
export interface LogConfig {
  /** debug, info, warn, error, dpanic, panic or fatal. */
  readonly level: string;
  /** `stdout`, `stderr` or a path, which is appended to. */
  readonly file: string;
}

const LEVELS: Readonly<Record<string, string>> = { dpanic: 'fatal', panic: 'fatal' };

/** The run's log: readable lines on a terminal or stream, JSON lines in a file. Writing is synchronous: no line is lost. */
export function createLog({ level, file }: LogConfig, io: Io): Log {
  const stream = file === 'stdout' ? io.stdout : file === 'stderr' ? io.stderr : undefined;
  const options = { level: LEVELS[level] ?? level, base: null };
  const logger =
    stream === undefined
      ? pino(options, pino.destination({ dest: file, append: true, sync: true }))
      : pino(
          options,
          pretty({
            destination: stream,
            sync: true,
            colorize: useColour(stream, io.env),
            translateTime: 'SYS:HH:MM:ss.l',
          }),
        );
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
