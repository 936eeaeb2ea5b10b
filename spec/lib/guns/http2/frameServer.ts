import { once } from 'node:events';
import * as net from 'node:net';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import { frame, response, type SentFrame, SentFrames, settings } from '../../wire/http2/peer.js';
import { type Fields, GunBench } from '../gunBench.js';
import { TurnClock } from '../turnClock.js';

/** One connection of a server that is played frame by frame. */
export interface Peer {
  readonly socket: net.Socket;
  /** Index of the connection. */
  readonly index: number;
  /** Requests of the connection so far. */
  readonly ids: number[];
}
export type Play = (peer: Peer, id: number) => void;

/** A server that sends its settings, acknowledges ours, and calls `play` for each request. */
export async function frameServer(play: Play): Promise<{ server: net.Server; target: string; peers: Peer[] }> {
  const peers: Peer[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    const peer: Peer = { socket, index: peers.length, ids: [] };
    peers.push(peer);
    const sent = new SentFrames();
    socket.on('error', () => undefined);
    socket.write(settings());
    const hear = ({ type, flags, id }: SentFrame): void => {
      if (type === 'SETTINGS' && flags === 0) socket.write(frame('SETTINGS', 1, 0));
      if (type !== 'HEADERS') return;
      peer.ids.push(id);
      play(peer, id);
    };
    socket.on('data', (bytes) => sent.read(bytes as Buffer).forEach(hear));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, target: `127.0.0.1:${(server.address() as net.AddressInfo).port}`, peers };
}

export async function against(
  play: Play,
  options: Record<string, unknown>,
  test: (bench: GunBench, peers: Peer[]) => Promise<void>,
): Promise<void> {
  const { server, target, peers } = await frameServer(play);
  const bench = new GunBench(
    http2,
    { target, ssl: false, requestTimeout: '20s', ...options },
    { scheduler: new TurnClock() },
  );
  try {
    await test(bench, peers);
  } finally {
    await bench.close();
    for (const { socket } of peers) socket.destroy();
    server.close();
  }
}

export const outcome = ({ netCode, protoCode, errorName, retries }: Fields): string =>
  `${netCode} ${protoCode}${errorName === '' ? '' : ` ${errorName}`}${retries > 0 ? `, sent again ${retries} times` : ''}`;
export const fine: Play = ({ socket }, id) => socket.write(response(id));
