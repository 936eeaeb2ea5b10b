import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** fortio, in Go. Its own fast client, without pauses (`-qps 0`). */
export const fortio: Peer = {
  name: 'fortio',
  install: ['GOBIN=$PWD/bin go install fortio.org/fortio@v1.63.8'],
  version: ['bash', '-c', 'PATH=$PWD/bench/.peers/bin:$PATH; fortio version; test -x "$(command -v fortio)"'],
  closedLoop: (load) => [
    ...(['bash', '-c'] as const),
    `PATH=$PWD/bench/.peers/bin:$PATH; fortio load -k -quiet -qps 0 -c ${load.connections} -t ${load.seconds}s ${urlOf(load)} 2>&1`,
  ],
  requestsPerSecond: ({ stdout }) => Number(/All done .* ([\d.]+) qps/.exec(stdout)?.[1]),
};
