import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, PEERS } from '../support/folders.js';
import type { Peer } from './peer.js';

const BIN = join(PEERS, 'bin', 'pandora');

const MAIN = `package main

import (
	"github.com/yandex/pandora/cli"
	phttp "github.com/yandex/pandora/components/phttp/import"
	coreimport "github.com/yandex/pandora/core/import"
)

func main() {
	fs := coreimport.GetFs()
	coreimport.Import(fs)
	phttp.Import(fs)
	cli.Run()
}
`;

/** Pandora, in Go, built from its source. It does not report its rate, so the server counts the requests. */
export const pandora: Peer = {
  name: 'pandora',
  install: [
    'mkdir -p pandora',
    `cat > pandora/main.go <<'END'\n${MAIN}END`,
    "printf 'module pandorabench\\n\\ngo 1.23\\n' > pandora/go.mod",
    'cd pandora && go get github.com/yandex/pandora@latest && go mod tidy && go build -o ../bin/pandora .',
  ],
  version: ['bash', '-c', `go version -m ${BIN} | awk '/yandex.pandora/{print "pandora", $3}'; test -x ${BIN}`],
  closedLoop: ({ tls, port, path, connections, seconds }) => {
    const file = join(CACHE, 'pandora.json');
    const pool = {
      id: 'bench',
      gun: { type: 'http', target: `127.0.0.1:${port}`, ssl: tls },
      ammo: { type: 'uri', uris: [path] },
      result: { type: 'discard' },
      rps: [{ type: 'unlimited', duration: `${seconds}s` }],
      startup: [{ type: 'once', times: connections }],
    };
    writeFileSync(file, JSON.stringify({ pools: [pool], log: { level: 'error' } }));
    return ['env', 'GOMAXPROCS=1', BIN, file];
  },
};
