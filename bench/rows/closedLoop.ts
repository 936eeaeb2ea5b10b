import { basename } from 'node:path';
import { elpis } from '../peers/elpis.js';
import type { Peer } from '../peers/peer.js';
import { median } from '../support/median.js';
import { pairedRatio } from '../support/pairs.js';
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
      const { pair } = bench;
      const peers =
        pair === undefined
          ? bench.peers.filter((peer) => plays(peer) && (against?.includes(peer.name) ?? true))
          : [pairedPeer(pair, bench.peers, phout)];
      const all = [ours, ...peers];
      const seen = new Map<string, Measured[]>(all.map((peer) => [peer.name, []]));
      for (let round = 0; round < bench.rounds; round++) {
        const turn = round % all.length;
        for (const peer of [...all.slice(turn), ...all.slice(0, turn)]) {
          const measured = await measure(peer, bench, { tls, path, http2 });
          const { rate, cpu } = measured;
          bench.say(
            `${name} ${round + 1}/${bench.rounds} ${peer.name} ${Math.round(rate)}/s, ${cpu.toFixed(2)} µs of CPU`,
          );
          seen.get(peer.name)?.push(measured);
        }
      }
      const of = (peer: Peer, key: keyof Measured): number[] =>
        (seen.get(peer.name) as Measured[]).map((one) => one[key]);
      return all.flatMap((peer): Figure[] => {
        const figures = [
          { name: peer.name, value: median(of(peer, 'rate')), unit: 'requests/s' },
          { name: `${peer.name} CPU`, value: median(of(peer, 'cpu')), unit: 'µs/request' },
        ];
        if (peer === ours) return figures;
        return [
          ...figures,
          ...compared(`elpis / ${peer.name}`, of(ours, 'rate'), of(peer, 'rate'), pair !== undefined),
          ...compared(`elpis / ${peer.name} CPU`, of(ours, 'cpu'), of(peer, 'cpu'), pair !== undefined),
        ];
      });
    },
  };
}

/** One run of a program. */
interface Measured {
  readonly rate: number;
  /** User and system time of the whole process, its start included, for each request that the server handled. */
  readonly cpu: number;
}

/** The program of `--pairs`: an installed peer, or another checkout of Elpis. */
function pairedPeer(pair: string, peers: readonly Peer[], phout: boolean): Peer {
  const peer = peers.find(({ name }) => name === pair);
  return peer ?? elpis({ name: basename(pair), phout, checkout: pair });
}

/** The ratio of each round; with pairs also its interval and the sign test. */
function compared(name: string, ours: readonly number[], theirs: readonly number[], paired: boolean): Figure[] {
  const { ratio, low, high, p } = pairedRatio(ours, theirs);
  const figure = { name, value: ratio, unit: 'x' };
  if (!paired) return [figure];
  return [
    figure,
    { name: `${name}, 95 % from`, value: low, unit: 'x' },
    { name: `${name}, 95 % to`, value: high, unit: 'x' },
    { name: `${name}, sign test`, value: p, unit: '' },
  ];
}

async function measure(
  peer: Peer,
  bench: Bench,
  {
    tls,
    path,
    http2,
  }: { tls: boolean; path: string; http2: { readonly connections: number; readonly streams: number } | undefined },
): Promise<Measured> {
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
  return { rate, cpu: (finished.cpuSeconds * 1e6) / handled };
}
