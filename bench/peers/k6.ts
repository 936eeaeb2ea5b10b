import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, PEERS } from '../support/folders.js';
import type { CommandLine } from '../support/runCommand.js';
import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

const BIN = join(PEERS, 'bin', 'k6');

function script(name: string, scenario: object, url: string): CommandLine {
  const file = join(CACHE, `${name}.js`);
  const options = { discardResponseBodies: true, insecureSkipTLSVerify: true, scenarios: { bench: scenario } };
  writeFileSync(
    file,
    `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () { http.get('${url}'); }
`,
  );
  return [BIN, 'run', '--quiet', '--no-usage-report', file];
}

/** k6, in Go with scripts in JavaScript. */
export const k6: Peer = {
  name: 'k6',
  install: ['GOBIN=$PWD/bin go install go.k6.io/k6@latest'],
  version: [BIN, 'version'],
  closedLoop: (load) =>
    script(
      'k6-closed',
      { executor: 'constant-vus', vus: load.connections, duration: `${load.seconds}s`, gracefulStop: '1s' },
      urlOf(load),
    ),
  requestsPerSecond: ({ stdout }) => Number(/http_reqs\.*:\s+\d+\s+([\d.]+)\/s/.exec(stdout)?.[1]),
  paced: ({ port, from, to, seconds }) => {
    const vus = { preAllocatedVUs: 100, maxVUs: 200, gracefulStop: '1s' };
    const scenario =
      from === to
        ? { executor: 'constant-arrival-rate', rate: to, timeUnit: '1s', duration: `${seconds}s`, ...vus }
        : {
            ...{ executor: 'ramping-arrival-rate', startRate: from, timeUnit: '1s', ...vus },
            stages: [{ target: to, duration: `${seconds}s` }],
          };
    return script('k6-paced', scenario, `http://127.0.0.1:${port}/`);
  },
};
