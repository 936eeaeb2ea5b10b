import { elpis } from '../peers/elpis.js';
import type { Peer } from '../peers/peer.js';
import { median } from '../support/median.js';
import { runCommand } from '../support/runCommand.js';
import type { Bench, Figure, Row } from './row.js';

const CONNECTIONS = 64;
const GENERATOR_CORE = 0;

/** A closed loop against nginx: Elpis and peers by turns, in another order each round; ratios are taken within a round. */
export function closedLoop(options: {
  readonly name: string;
  readonly title: string;
  readonly tls?: boolean;
  readonly path?: string;
  readonly phout?: boolean;
  /** HTTP/2 without TLS, with so many connections and streams of each. Default: HTTP/1.1. */
  readonly http2?: { readonly connections: number; readonly streams: number };
  /** Names of the peers; default all. */
  readonly against?: readonly string[];
}): Row {
  const { name, title, tls = false, path = '/', phout = false, http2, against } = options;
  return {
    name,
    title,
    run: async (bench) => {
      const ours = elpis({ name: 'elpis', phout });
      const plays = (peer: Peer): boolean => (http2 ? peer.http2Loop : peer.closedLoop) !== undefined;
      const peers = bench.peers.filter((peer) => plays(peer) && (against?.includes(peer.name) ?? true));
      const all = [ours, ...peers];
      const rates = new Map<string, number[]>(all.map((peer) => [peer.name, []]));
      for (let round = 0; round < bench.rounds; round++) {
        const turn = round % all.length;
        for (const peer of [...all.slice(turn), ...all.slice(0, turn)]) {
          const rate = await measure(peer, bench, { tls, path, http2 });
          bench.say(`${name} ${round + 1}/${bench.rounds} ${peer.name} ${Math.round(rate)}/s`);
          rates.get(peer.name)?.push(rate);
        }
      }
      const own = rates.get(ours.name) as number[];
      return all.flatMap((peer): Figure[] => {
        const theirs = rates.get(peer.name) as number[];
        const rate = { name: peer.name, value: median(theirs), unit: 'requests/s' };
        const ratios = own.map((value, round) => value / (theirs[round] as number));
        return peer === ours ? [rate] : [rate, { name: `elpis / ${peer.name}`, value: median(ratios), unit: 'x' }];
      });
    },
  };
}

async function measure(
  peer: Peer,
  bench: Bench,
  {
    tls,
    path,
    http2,
  }: { tls: boolean; path: string; http2: { readonly connections: number; readonly streams: number } | undefined },
): Promise<number> {
  const nginx = await bench.nginx();
  const { seconds } = bench;
  const plain = { tls, path, seconds, connections: CONNECTIONS, port: tls ? nginx.tlsPort : nginx.port };
  const load = { ...plain, ...(http2 ? { ...http2, port: nginx.http2Port } : {}) };
  const before = await nginx.requests();
  const command = http2 ? peer.http2Loop?.({ ...load, ...http2 }) : peer.closedLoop?.(load);
  if (command === undefined) throw new Error(`${peer.name} has no closed loop`);
  const finished = await runCommand(command, { core: GENERATOR_CORE, limitSeconds: seconds + 20 });
  const handled = (await nginx.requests()) - before;
  if (finished.code !== 0) throw new Error(`${peer.name} ended with ${finished.code}: ${finished.stderr.slice(-1000)}`);
  const rate = peer.requestsPerSecond?.(finished, load) ?? handled / seconds;
  // A generator that counts requests which the server did not receive measures something else.
  if (!(rate > 0) || rate * seconds > handled * 1.25)
    throw new Error(`${peer.name} says ${rate} requests/s, but the server handled ${handled} in ${seconds} s`);
  return rate;
}
