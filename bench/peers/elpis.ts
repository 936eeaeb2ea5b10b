import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CACHE, ELPIS } from '../support/folders.js';
import type { CommandLine } from '../support/runCommand.js';
import type { Peer } from './peer.js';

/** How Elpis is run. */
export interface Flavour {
  readonly name: string;
  /** Write every sample into a phout file. */
  readonly phout?: boolean;
  readonly pacing?: 'relaxed' | 'precise';
  /** What the run-up leaves out: early connections, or everything. Default: as in the config, with precise pacing. */
  readonly runUp?: 'in-memory' | 'never';
  /** The folder of another built checkout. Default: this one. */
  readonly checkout?: string;
}

/** The built Elpis, by its command line. */
export function elpis({ name, phout = false, pacing = 'relaxed', runUp, checkout }: Flavour): Peer {
  const program = checkout === undefined ? ELPIS : join(resolve(checkout), 'dist', 'lib', 'cli', 'bin.js');
  const summaryFile = join(CACHE, `${name}-summary.json`);
  const run = (
    port: number,
    pool: { tls: boolean; path: string; rps: object; instances: number; gun?: object },
  ): CommandLine => {
    const file = join(CACHE, `${name}.json`);
    const { tls, path, rps, instances, gun = { type: 'http' } } = pool;
    const configured = {
      gun: { ...gun, target: `127.0.0.1:${port}`, ssl: tls },
      ammo: { type: 'uri', uris: [path] },
      result: phout ? { type: 'phout', destination: join(CACHE, `${name}.phout`) } : { type: 'discard' },
      rps,
      startup: { type: 'once', times: instances },
      pacing,
      ...(runUp === undefined ? {} : { 'run-up': runUp }),
    };
    writeFileSync(file, JSON.stringify({ pools: [configured] }));
    return [process.execPath, program, 'run', file, '--quiet', '--summary-json', summaryFile];
  };
  return {
    name,
    install: [],
    version: [process.execPath, program, '--version'],
    closedLoop: ({ tls, port, path, connections, seconds }) =>
      run(port, { tls, path, rps: { type: 'unlimited', duration: `${seconds}s` }, instances: connections }),
    http2Loop: ({ tls, port, path, connections, streams, seconds }) =>
      run(port, {
        gun: { type: 'http2', 'shared-client': { enabled: true, 'client-number': connections } },
        ...{ tls, path, rps: { type: 'unlimited', duration: `${seconds}s` }, instances: connections * streams },
      }),
    requestsPerSecond: () => {
      const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as {
        pools: [{ total: { endedPerSecond: number; failed: number; badStatus: number } }];
      };
      const { endedPerSecond, failed, badStatus } = summary.pools[0].total;
      if (failed + badStatus > 0) throw new Error(`${name}: ${failed} shots failed, ${badStatus} had a bad status`);
      return endedPerSecond;
    },
    paced: ({ port, from, to, seconds }) => {
      const duration = `${seconds}s`;
      const rps = from === to ? { type: 'const', ops: to, duration } : { type: 'line', from, to, duration };
      return run(port, { tls: false, path: '/', rps, instances: 64 });
    },
  };
}
