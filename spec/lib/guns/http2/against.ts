import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type * as net from 'node:net';
import type { Deps } from '../../../../lib/core/deps.js';
import { http2 } from '../../../../lib/guns/http2/gun.js';
import { type Fields, GunBench } from '../gunBench.js';
import { selfSigned } from '../selfSigned.js';

export type Play = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** A server of node and a gun for it. */
export class Pair {
  readonly sessions: Http2Session[] = [];
  readonly seen: IncomingHttpHeaders[] = [];

  private constructor(
    readonly bench: GunBench,
    readonly server: Http2Server,
    readonly target: string,
  ) {}

  static async of(
    play: Play,
    options: Record<string, unknown> = {},
    settings = {},
    deps: Partial<Deps> = {},
  ): Promise<Pair> {
    const { ssl = true } = options;
    const server = ssl ? createSecureServer({ ...selfSigned(), settings }) : createServer({ settings });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    const pair = new Pair(new GunBench(http2, { target, ...options }, deps), server as Http2Server, target);
    server.on('session', (session: Http2Session) => pair.sessions.push(session));
    server.on('sessionError', () => undefined);
    server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      stream.on('error', () => undefined);
      pair.seen.push(headers);
      play(stream, headers);
    });
    await pair.bench.warmUp();
    return pair;
  }

  async close(): Promise<void> {
    await this.bench.close();
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}

export async function against(
  play: Play,
  options: Record<string, unknown>,
  test: (pair: Pair) => Promise<void>,
  settings = {},
  deps: Partial<Deps> = {},
): Promise<void> {
  const pair = await Pair.of(play, options, settings, deps);
  try {
    await test(pair);
  } finally {
    await pair.close();
  }
}

export const ok: Play = (stream) => {
  stream.respond({ ':status': 200, 'content-length': 2 });
  stream.end('ok');
};
export const outcome = ({ netCode, protoCode, errorName }: Fields): string =>
  `${netCode} ${protoCode} ${errorName}`.trim();
export const plain = { ssl: false };
