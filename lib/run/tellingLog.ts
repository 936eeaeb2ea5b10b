import type { Log } from '../core/deps.js';

/** A log that also tells of each warning. */
export function tellingLog(log: Log, tell: (message: string, fields: Record<string, unknown>) => void): Log {
  return {
    debug: (message, fields) => log.debug(message, fields),
    info: (message, fields) => log.info(message, fields),
    warn: (message, fields = {}) => {
      log.warn(message, fields);
      tell(message, fields);
    },
    error: (message, fields) => log.error(message, fields),
  };
}
