import { execFileSync } from 'node:child_process';
import { ab } from './ab.js';
import { artillery } from './artillery.js';
import { autocannon } from './autocannon.js';
import { fortio } from './fortio.js';
import { ghz } from './ghz.js';
import { h2load } from './h2load.js';
import { hey } from './hey.js';
import { nodeHttp2 } from './nodeHttp2.js';
import { oha } from './oha.js';
import { pandora } from './pandora.js';
import type { Peer } from './peer.js';
import { rewrk } from './rewrk.js';
import { vegeta } from './vegeta.js';
import { wrk } from './wrk.js';

/** Every peer that the bench knows. */
export const PEERS_KNOWN: readonly Peer[] = [
  wrk,
  ab,
  hey,
  oha,
  rewrk,
  fortio,
  autocannon,
  vegeta,
  pandora,
  artillery,
  h2load,
  nodeHttp2,
  ghz,
];

/** The version that a peer reports; undefined if it is not installed. */
export function versionOf({ version: [program, ...args] }: Peer): string | undefined {
  try {
    const text = execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 30_000,
    });
    return text.trim().split('\n')[0]?.slice(0, 60);
  } catch {
    return undefined;
  }
}
