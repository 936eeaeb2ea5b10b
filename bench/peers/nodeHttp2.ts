import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.js';
import { urlOf } from './urlOf.js';

const CLIENT = fileURLToPath(new URL('nodeHttp2Client.mjs', import.meta.url));

/** The client of node:http2 in a closed loop, without anything around it. */
export const nodeHttp2: Peer = {
  name: 'node:http2',
  install: [],
  version: [process.execPath, '--version'],
  http2Loop: (load) => [
    process.execPath,
    ...[CLIENT, urlOf(load), String(load.connections), String(load.streams), String(load.seconds)],
  ],
  requestsPerSecond: ({ stdout }) => Number(stdout),
};
