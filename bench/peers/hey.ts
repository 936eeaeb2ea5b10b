import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

/** hey, in Go: one processor. */
export const hey: Peer = {
  name: 'hey',
  install: ['apt-get install -y -q hey || GOBIN=$PWD/bin go install github.com/rakyll/hey@latest'],
  version: ['bash', '-c', "dpkg-query -W -f='hey ${Version}' hey"],
  closedLoop: (load) => ['hey', '-cpus', '1', '-z', `${load.seconds}s`, '-c', String(load.connections), urlOf(load)],
  requestsPerSecond: ({ stdout }) => Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
};
