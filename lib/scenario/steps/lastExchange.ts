import { ElpisError } from '../../core/errors.js';
import type { OpenExchange } from '../play/openExchange.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';

/**
 * The last request of a session, with its answer.
 *
 * @throws ElpisError `ELPIS_SHOT` when there was none.
 */
export function lastExchange<V extends Vars>(session: Session<V>, step: string): OpenExchange {
  if (session.exchange !== undefined) return session.exchange;
  throw new ElpisError('ELPIS_SHOT', `${session.stage.whole.tag}: ${step} comes before any request`, {
    hint: 'put it behind the request whose answer it reads',
  });
}
