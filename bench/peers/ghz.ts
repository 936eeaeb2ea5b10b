import type { Peer } from './peer.js';

/** ghz, in Go, for gRPC. The row `grpc` has its command. */
export const ghz: Peer = {
  name: 'ghz',
  install: ['PATH=$PATH:/usr/local/go/bin GOBIN=$PWD/bin go install github.com/bojand/ghz/cmd/ghz@latest'],
  version: [
    ...(['bash', '-c'] as const),
    'PATH=$PWD/bench/.peers/bin:$PATH:/usr/local/go/bin; go version -m "$(command -v ghz)" | awk \'$1 == "mod" { print "ghz", $3 }\'; test -x "$(command -v ghz)"',
  ],
};
