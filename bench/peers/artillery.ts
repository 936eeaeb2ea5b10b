import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, PEERS } from '../support/folders.js';
import type { Peer } from './peer.js';

const BIN = join(PEERS, 'node', 'node_modules', '.bin', 'artillery');

/** Artillery, in Node: a new virtual user for every arrival. It has no closed loop, and falls far behind above 1,000 per second. */
export const artillery: Peer = {
  name: 'artillery',
  install: ['mkdir -p node && cd node && npm i --no-audit --no-fund --ignore-scripts --prefix . artillery'],
  version: [
    'node',
    '-p',
    `'artillery ' + require('${join(PEERS, 'node/node_modules/artillery/package.json')}').version`,
  ],
  paced: ({ port, from, to, seconds }) => {
    if (to > 1000) return undefined;
    const file = join(CACHE, 'artillery.json');
    const phase = from === to ? { arrivalRate: to } : { arrivalRate: Math.max(1, from), rampTo: to };
    writeFileSync(
      file,
      JSON.stringify({
        config: { target: `http://127.0.0.1:${port}`, phases: [{ duration: seconds, ...phase }] },
        scenarios: [{ flow: [{ get: { url: '/' } }] }],
      }),
    );
    return ['env', 'ARTILLERY_DISABLE_TELEMETRY=true', 'NO_UPDATE_NOTIFIER=1', BIN, 'run', '--quiet', file];
  },
};
