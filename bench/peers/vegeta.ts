import { join } from 'node:path';
import { PEERS } from '../support/folders.js';
import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

const BIN = join(PEERS, 'bin', 'vegeta');

/** vegeta, in Go. Its command line has constant rates only. */
export const vegeta: Peer = {
  name: 'vegeta',
  install: ['GOBIN=$PWD/bin go install github.com/tsenart/vegeta/v12@latest'],
  version: ['bash', '-c', `go version -m ${BIN} | awk '$1=="mod"{print "vegeta", $3}'; test -x ${BIN}`],
  closedLoop: (load) => [
    ...(['bash', '-c'] as const),
    `echo "GET ${urlOf(load)}" | ${BIN} attack -insecure -max-body 0 -rate 0 -workers ${load.connections} -max-workers ` +
      `${load.connections} -connections ${load.connections} -duration ${load.seconds}s | ${BIN} report -type json`,
  ],
  requestsPerSecond: ({ stdout }) => (JSON.parse(stdout) as { rate: number }).rate,
  paced: ({ port, from, to, seconds }) =>
    from === to
      ? [
          ...(['bash', '-c'] as const),
          `echo "GET http://127.0.0.1:${port}/" | ${BIN} attack -rate ${to} -duration ${seconds}s > /dev/null`,
        ]
      : undefined,
};
