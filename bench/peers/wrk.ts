import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** wrk, in C: one thread. */
export const wrk: Peer = {
  name: 'wrk',
  install: ['apt-get install -y -q wrk'],
  version: ['bash', '-c', 'wrk -v | head -1; test -x "$(command -v wrk)"'],
  closedLoop: (load) => ['wrk', '-t1', `-c${load.connections}`, `-d${load.seconds}s`, urlOf(load)],
  requestsPerSecond: ({ stdout }) => Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
};
