import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** h2load of nghttp2, in C: one thread. */
export const h2load: Peer = {
  name: 'h2load',
  install: ['apt-get install -y -q nghttp2-client'],
  version: ['h2load', '--version'],
  http2Loop: (load) => [
    'h2load',
    ...['-t1', `-c${load.connections}`, `-m${load.streams}`, '-D', String(load.seconds), urlOf(load)],
  ],
  requestsPerSecond: ({ stdout }) => Number(/([\d.]+) req\/s/.exec(stdout)?.[1]),
};
