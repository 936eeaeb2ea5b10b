import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Finding } from './finding.js';

/**
 * Logs every warning, and refuses a run that can not work.
 *
 * @throws ElpisError `ELPIS_LIMIT` for the first finding that is an error.
 */
export function ensureRoom(findings: readonly Finding[], log: Log): void {
  for (const { level, message, hint } of findings) if (level === 'warning') log.warn(`${message} (${hint})`);
  const refused = findings.find(({ level }) => level === 'error');
  if (refused !== undefined) throw new ElpisError('ELPIS_LIMIT', refused.message, { hint: refused.hint });
}
