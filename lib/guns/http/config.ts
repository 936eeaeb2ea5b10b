import { duration } from '../../codec/duration.js';
import { endpoint } from '../../codec/net.js';
import { flag, integer, oneOf, text } from '../../codec/scalars.js';
import { defaultsOf, optional, required, type StructOf, struct } from '../../codec/struct.js';
import { autoTagConfig } from '../shared/tagging.js';

const SECOND = 1e9;

const dialConfig = struct('dial', {
  timeout: optional(duration, 3 * SECOND, 'how long resolving and connecting may take; 0 = no limit'),
  dnsCache: optional(flag, true, 'resolve the target once, with one connection before the run'),
  dualStack: optional(flag, true, 'try every address of a name, IPv6 and IPv4 in turn'),
  fallbackDelay: optional(duration, 0, 'how long one address is tried before the next; 0 = 300ms'),
  keepAlive: optional(duration, 120 * SECOND, 'idle time before TCP keep-alive probes; negative = none'),
});

const answlogConfig = struct('answlog', {
  enabled: optional(flag, false, 'write requests and their responses to a file'),
  path: optional(text, 'answ.log', 'the file'),
  filter: optional(oneOf(['all', 'warning', 'error']), 'error', 'all; warning = status >= 400; error = status >= 500'),
});

const httptraceConfig = struct('httptrace', {
  dump: optional(flag, false, 'measure sizes of requests and responses; the response is then timed with its body'),
  trace: optional(flag, false, 'measure connecting, sending, waiting and receiving'),
});

const sharedClientConfig = struct('shared-client', {
  enabled: optional(flag, false, 'share clients, and so connections, between instances'),
  clientNumber: optional(integer, 0, 'how many clients there are; less than 1 means 1'),
});

/** Options of the HTTP guns (names and defaults of Pandora 0.5.29). Durations are nanoseconds. */
export const httpGunConfig = struct('http gun', {
  target: required(endpoint, 'where to connect, host:port'),
  ssl: optional(flag, false, 'speak TLS; certificates are never verified'),
  redirect: optional(flag, false, 'follow redirects, up to 10'),
  connectSsl: optional(flag, false, 'only for the connect gun: speak TLS with the proxy'),
  dial: optional(dialConfig, defaultsOf(dialConfig), 'how connections are made'),
  tlsHandshakeTimeout: optional(duration, SECOND, 'how long a TLS handshake may take; 0 = no limit'),
  disableKeepAlives: optional(flag, false, 'one connection per request'),
  disableCompression: optional(flag, true, 'false adds Accept-Encoding: gzip; bodies are counted as received'),
  maxIdleConns: optional(integer, 0, 'idle connections of one client; 0 = no limit'),
  maxIdleConnsPerHost: optional(integer, 0, 'idle connections of one client to one host; 0 = 2'),
  idleConnTimeout: optional(duration, 90 * SECOND, 'an idle connection is closed after this; 0 = never'),
  responseHeaderTimeout: optional(duration, 0, 'from the request written to the headers of the response; 0 = no limit'),
  expectContinueTimeout: optional(
    duration,
    SECOND,
    'how long Expect: 100-continue holds the body back; 0 = not at all',
  ),
  autoTag: optional(autoTagConfig, defaultsOf(autoTagConfig), 'tag samples by path'),
  answlog: optional(answlogConfig, defaultsOf(answlogConfig), 'log of requests and responses'),
  httptrace: optional(httptraceConfig, defaultsOf(httptraceConfig), 'the columns of phout that cost time'),
  sharedClient: optional(sharedClientConfig, defaultsOf(sharedClientConfig), 'clients shared by instances'),
});

/** Decoded form of {@link httpGunConfig}. */
export type HttpGunConfig = StructOf<typeof httpGunConfig.fields>;
