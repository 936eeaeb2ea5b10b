import { atLeast } from '../../codec/bounds.js';
import { byteSize } from '../../codec/byteSize.js';
import { duration } from '../../codec/duration.js';
import { endpointOrSocket } from '../../codec/net.js';
import { optionalPath } from '../../codec/paths.js';
import { flag, integer, oneOf } from '../../codec/scalars.js';
import { defaultsOf, optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { ComponentTraits } from '../../plugin/traits.js';
import { dialConfig } from './dialOptions.js';
import { autoTagConfig, tagBy } from './tagging.js';
import { tlsConfig, tlsFiles } from './tlsOptions.js';

const SECOND = 1000;

const answlogConfig = struct('answlog', {
  /** Write requests and their responses to a file. */
  enabled: optional(flag, false, 'write requests and their responses to a file'),
  /** The file. */
  path: optionalPath('answ.log', 'the file'),
  /** All; warning = status >= 400; error = status >= 500. */
  filter: optional(oneOf(['all', 'warning', 'error']), 'error', 'all; warning = status >= 400; error = status >= 500'),
});

const httptraceConfig = struct('httptrace', {
  /** Measure sizes of requests and responses; the response is then timed with its body. */
  dump: optional(flag, false, 'measure sizes of requests and responses; the response is then timed with its body'),
  /** Measure connecting, sending, waiting and receiving. */
  trace: optional(flag, false, 'measure connecting, sending, waiting and receiving'),
});

const sharedClientConfig = struct('shared-client', {
  /** Share clients, and therefore connections, between instances. */
  enabled: optional(flag, false, 'share clients, and therefore connections, between instances'),
  /** The number of clients; less than 1 means 1. */
  clientNumber: optional(integer, 0, 'the number of clients; less than 1 means 1'),
});

/** Options of the HTTP guns (names and defaults of Pandora 0.5.29). */
export const httpGunConfig = struct('http gun', {
  /** Where to connect, host:port or unix:/path. */
  target: required(endpointOrSocket, 'where to connect, host:port or unix:/path'),
  /** Speak TLS; any certificate is accepted unless tls.verify is set. */
  ssl: optional(flag, false, 'speak TLS; any certificate is accepted unless tls.verify is set'),
  /** Follow redirects: up to 10 requests for one shot. */
  redirect: optional(flag, false, 'follow redirects: up to 10 requests for one shot'),
  /** Only for the connect gun: speak TLS with the proxy. */
  connectSsl: optional(flag, false, 'only for the connect gun: speak TLS with the proxy'),
  /** How connections are made. */
  dial: optional(dialConfig, defaultsOf(dialConfig), 'how connections are made'),
  /** Certificates and versions of TLS. */
  tls: optional(tlsConfig, defaultsOf(tlsConfig), 'certificates and versions of TLS'),
  /** How long a TLS handshake may take; 0 = no limit. */
  tlsHandshakeTimeout: optional(duration, SECOND, 'how long a TLS handshake may take; 0 = no limit'),
  /** One connection per request. */
  disableKeepAlives: optional(flag, false, 'one connection per request'),
  /** False adds Accept-Encoding: gzip; bodies are counted as received. */
  disableCompression: optional(flag, true, 'false adds Accept-Encoding: gzip; bodies are counted as received'),
  /** Idle connections of one client; 0 = no limit. */
  maxIdleConns: optional(integer, 0, 'idle connections of one client; 0 = no limit'),
  /** Idle connections of one client to one host; 0 = 2. */
  maxIdleConnsPerHost: optional(integer, 0, 'idle connections of one client to one host; 0 = 2'),
  /** An idle connection is closed after this; 0 = never. */
  idleConnTimeout: optional(duration, 90 * SECOND, 'an idle connection is closed after this; 0 = never'),
  /** From the start of a shot to the last byte of its body, retries and redirects included; 0 = no limit. */
  requestTimeout: optional(
    duration,
    0,
    'from the start of a shot to the last byte of its body, retries and redirects included; 0 = no limit',
  ),
  /** From one piece of a body to the next; 0 = no limit. */
  bodyIdleTimeout: optional(duration, 0, 'from one piece of a body to the next; 0 = no limit'),
  /** From the request written to the headers of the response; 0 = no limit. */
  responseHeaderTimeout: optional(duration, 0, 'from the request written to the headers of the response; 0 = no limit'),
  /** How long Expect: 100-continue delays the body; 0 = no delay. */
  expectContinueTimeout: optional(duration, SECOND, 'how long Expect: 100-continue delays the body; 0 = no delay'),
  /** The most bytes of a body for the answlog and scenarios, received and unpacked; longer ones are cut and counted. */
  maxBody: optional(
    byteSize,
    16 * 1024 * 1024,
    'the most bytes of a body for the answlog and scenarios, received and unpacked; longer ones are cut and counted',
  ),
  /** Tag samples by path. */
  autoTag: optional(autoTagConfig, defaultsOf(autoTagConfig), 'tag samples by path'),
  /** Log of requests and responses. */
  answlog: optional(answlogConfig, defaultsOf(answlogConfig), 'log of requests and responses'),
  /** The columns of phout that take time to measure. */
  httptrace: optional(httptraceConfig, defaultsOf(httptraceConfig), 'the columns of phout that take time to measure'),
  /** Clients shared by instances. */
  sharedClient: optional(sharedClientConfig, defaultsOf(sharedClientConfig), 'clients shared by instances'),
});

/** Options of the HTTP/2 guns: those of the HTTP guns, with TLS by default, and how many streams share a connection. */
export const http2GunConfig = struct('http2 gun', {
  ...httpGunConfig.fields,
  /** Speak TLS; any certificate is accepted unless tls.verify is set. False speaks HTTP/2 without TLS, by prior knowledge. */
  ssl: optional(
    flag,
    true,
    'speak TLS; any certificate is accepted unless tls.verify is set. False speaks HTTP/2 without TLS, by prior knowledge',
  ),
  /** Connections of one client to one host; 0 = as many as its streams need. */
  connections: optional(
    atLeast(integer, 0),
    0,
    'connections of one client to one host; 0 = as many as its streams need',
  ),
  /** Streams of one connection at a time; 0 = as many as the server takes. */
  streams: optional(atLeast(integer, 0), 0, 'streams of one connection at a time; 0 = as many as the server takes'),
});

/** Decoded form of {@link http2GunConfig}. */
export type Http2GunConfig = StructOf<typeof http2GunConfig.fields>;

/** Decoded form of {@link httpGunConfig}. */
export type HttpGunConfig = StructOf<typeof httpGunConfig.fields>;

/** The description of the gun in one line, with a note when a shot has no time limit. */
export function describeHttp(doing: string, { target, ssl, requestTimeout, bodyIdleTimeout }: HttpGunConfig): string {
  const unlimited =
    requestTimeout === 0 && bodyIdleTimeout === 0 ? '; no limit for a whole shot (request-timeout)' : '';
  return `${doing} to ${target.text}${ssl ? ' over TLS' : ''}${unlimited}`;
}

/** The traits of a gun that sends HTTP/1.1 requests with these options. */
export function httpTraits(options: HttpGunConfig): ComponentTraits['gun'] {
  const {
    target,
    disableKeepAlives,
    idleConnTimeout,
    sharedClient,
    requestTimeout,
    responseHeaderTimeout,
    autoTag,
    answlog,
    tls,
    dial,
  } = options;
  const limit = requestTimeout > 0 ? requestTimeout : responseHeaderTimeout;
  return {
    takes: ['http'],
    protocol: 'HTTP/1.1',
    connections: {
      target,
      keepAlive: !disableKeepAlives,
      idleMs: idleConnTimeout,
      shared: sharedClient.enabled,
      localAddresses: dial.localAddresses,
    },
    ...(limit > 0 ? { timeoutMs: limit } : {}),
    tagOf: tagBy(autoTag),
    retags: autoTag.enabled,
    files: [
      ...(answlog.enabled ? [{ path: answlog.path, access: 'write', key: 'answlog.path' } as const] : []),
      ...tlsFiles(tls),
    ],
  };
}

/** The traits of a gun that sends HTTP/2 requests with these options. */
export function http2Traits(options: Http2GunConfig): ComponentTraits['gun'] {
  return { ...httpTraits(options), protocol: 'HTTP/2' };
}
