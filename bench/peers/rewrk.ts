import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** rewrk, in Rust: one thread. */
export const rewrk: Peer = {
  name: 'rewrk',
  install: ['cargo install rewrk --locked --root .'],
  version: ['bash', '-c', 'PATH=$PWD/bench/.peers/bin:$PATH; rewrk --version; test -x "$(command -v rewrk)"'],
  closedLoop: (load) => [
    ...(['bash', '-c'] as const),
    `PATH=$PWD/bench/.peers/bin:$PATH; rewrk -t 1 -c ${load.connections} -d ${load.seconds}s -h ${urlOf(load)}`,
  ],
  requestsPerSecond: ({ stdout }) => Number(/Req\/Sec:\s+([\d.]+)/.exec(stdout)?.[1]),
};
