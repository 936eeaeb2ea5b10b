import { generateKeyPairSync, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp1, type Server as Http1Server } from 'node:http';
import {
  createServer as createHttp2,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer, type Server } from 'node:net';
import { Duplex } from 'node:stream';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const ECDSA_SHA256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/**
 * An untrusted certificate, made without tools: X.509 v3, P-256.
 *
 * @param host Its common name.
 * @param until Its last day, as YYMMDD; the first is the 1st of January 2020.
 */
export function selfSigned(host = 'localhost', until = '491231'): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(host)))));
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from(`${until}235959Z`)));
  const version = der(0xa0, der(0x02, Uint8Array.of(2)));
  const serial = der(0x02, Uint8Array.of(1));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(version, serial, ECDSA_SHA256, name, validity, name, spki);
  const signature = der(0x03, Uint8Array.of(0), sign('sha256', body, privateKey));
  const base64 = sequence(body, ECDSA_SHA256, signature).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, cert };
}

/** A request of any protocol that the target speaks. */
export type TargetRequest = IncomingMessage | Http2ServerRequest;
export type TargetResponse = ServerResponse | Http2ServerResponse;

/** The first byte of a TLS handshake. */
const HANDSHAKE = 0x16;
/** How every HTTP/2 connection without TLS begins; no request of HTTP/1.x does. */
const PREFACE = 'PRI';

type Handler = (request: TargetRequest, response: TargetResponse) => void;

/**
 * One port for HTTP/1.1, HTTP/2 by prior knowledge, and both of them over TLS by ALPN: the first bytes of a connection tell which.
 * The certificate is made at the first TLS connection and is trusted by no client.
 *
 * It is a proxy, too. Every tunnel that `CONNECT` opens leads to the server itself, whatever host it names, so the hosts of the
 * ammo need not exist, and it gives no access to other machines.
 */
export class ProtocolServer {
  readonly server: Server;
  readonly #handler: Handler;
  readonly #tunnelled: (authority: string) => void;
  readonly #sockets = new Set<Duplex>();
  readonly #http1: Http1Server;
  #http2: Http2Server | undefined;
  #tls: Http2SecureServer | undefined;

  /** @param tunnelled Called with the host and port of each tunnel. */
  constructor(handler: Handler, tunnelled: (authority: string) => void) {
    this.#handler = handler;
    this.#tunnelled = tunnelled;
    this.#http1 = unlimited(createHttp1(handler));
    this.#http1.on('connect', this.#openTunnel);
    this.server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.#sniff(socket);
    });
  }

  readonly #openTunnel = (request: TargetRequest, socket: Duplex | TargetResponse, first?: Buffer): void => {
    if (!(socket instanceof Duplex)) {
      // Over HTTP/2 a tunnel would be a stream.
      socket.writeHead(405).end();
      return;
    }
    this.#tunnelled(request.url ?? '');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (first !== undefined && first.length > 0) socket.unshift(first);
    this.#sniff(socket);
  };

  /** Drops all connections and stops listening. */
  close(closed: () => void): void {
    this.server.close(closed);
    for (const socket of this.#sockets) socket.destroy();
  }

  #sniff(socket: Duplex): void {
    let begin = Buffer.alloc(0);
    const ignore = (): void => undefined;
    const read = (bytes: Buffer): void => {
      begin = Buffer.concat([begin, bytes]);
      const text = begin.toString('latin1', 0, PREFACE.length);
      if (text.length < PREFACE.length && PREFACE.startsWith(text)) return;
      socket.off('data', read).off('error', ignore).pause();
      socket.unshift(begin);
      const server = this.#serverFor(begin[0] === HANDSHAKE, text === PREFACE);
      server.emit('connection', socket);
      // The others read from below the socket.
      if (server === this.#http1) socket.resume();
    };
    socket.on('error', ignore).on('data', read);
  }

  #serverFor(encrypted: boolean, http2: boolean): Http1Server | Http2Server | Http2SecureServer {
    if (encrypted) {
      if (this.#tls === undefined) {
        this.#tls = unlimited(createSecureServer({ ...selfSigned(), allowHTTP1: true }, this.#handler));
        this.#tls.on('connect', this.#openTunnel);
      }
      return this.#tls;
    }
    if (!http2) return this.#http1;
    this.#http2 ??= createHttp2(this.#handler);
    return this.#http2;
  }
}

/** An idle client keeps its connection: closing it would cause errors in the results of a test. */
function unlimited<S extends object>(server: S): S {
  return Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 });
}
