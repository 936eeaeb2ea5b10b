import { join } from 'node:path';
import { PEERS } from '../support/folders.js';
import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

const BIN = join(PEERS, 'node', 'node_modules', '.bin', 'autocannon');

/** autocannon, in Node. */
export const autocannon: Peer = {
  name: 'autocannon',
  install: ['mkdir -p node && cd node && npm i --no-audit --no-fund --ignore-scripts --prefix . autocannon'],
  version: [BIN, '--version'],
  closedLoop: (load) => [BIN, '-j', '-c', String(load.connections), '-d', String(load.seconds), urlOf(load)],
  requestsPerSecond: ({ stdout }) => {
    const result = JSON.parse(stdout) as { requests: { total: number }; duration: number };
    return result.requests.total / result.duration;
  },
  paced: ({ port, from, to, seconds }) =>
    from === to
      ? [BIN, '-j', '-c', '64', '-R', String(to), '-d', String(seconds), `http://127.0.0.1:${port}/`]
      : undefined,
};
