import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** oha, in Rust: one thread. */
export const oha: Peer = {
  name: 'oha',
  install: ['cargo install oha --locked --root . || cargo install oha --version 1.4.5 --locked --root .'],
  version: ['bash', '-c', 'PATH=$PWD/bench/.peers/bin:$PATH; oha --version; test -x "$(command -v oha)"'],
  closedLoop: (load) => [
    ...(['env', 'TOKIO_WORKER_THREADS=1', 'bash', '-c'] as const),
    `PATH=$PWD/bench/.peers/bin:$PATH; oha --no-tui --insecure -z ${load.seconds}s -c ${load.connections} ${urlOf(load)}`,
  ],
  http2Loop: (load) => [
    ...(['env', 'TOKIO_WORKER_THREADS=1', 'bash', '-c'] as const),
    `PATH=$PWD/bench/.peers/bin:$PATH; oha --no-tui --insecure --http2 -z ${load.seconds}s -c ${load.connections} -p ${load.streams} ${urlOf(load)}`,
  ],
  requestsPerSecond: ({ stdout }) => Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
};
