import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** ApacheBench, in C, with keep-alive. */
export const ab: Peer = {
  name: 'ab',
  install: ['apt-get install -y -q apache2-utils'],
  version: ['bash', '-c', 'ab -V | sed -n \'s/.*Version \\([0-9.]*\\).*/ab \\1/p\'; test -x "$(command -v ab)"'],
  closedLoop: (load) => [
    ...(['ab', '-q', '-k', '-t', String(load.seconds), '-n', '100000000', '-c', String(load.connections)] as const),
    urlOf(load),
  ],
  requestsPerSecond: ({ stdout }) => Number(/Requests per second:\s+([\d.]+)/.exec(stdout)?.[1]),
};
