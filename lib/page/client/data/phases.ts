import type { ConnectionPhase } from '../../../measure/connectionCounts.js';

/** The phases of a connection, as they are shown. */
export const PHASE_NAMES: Readonly<Record<ConnectionPhase, string>> = {
  ...{ dns: 'DNS', connect: 'connect', tls: 'TLS', wait: 'wait', receive: 'receive' },
};
