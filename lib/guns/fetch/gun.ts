import { Observable } from 'rxjs';
import { byteSize } from '../../codec/byteSize.js';
import { duration } from '../../codec/duration.js';
import { endpoint } from '../../codec/net.js';
import { flag, oneOf, unsigned } from '../../codec/scalars.js';
import { defaultsOf, optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../../core/gun.js';
import { component } from '../../plugin/component.js';
import { type HttpAmmo, requireHttpAmmo } from '../../protocols/http.js';
import { failureLog } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import { autoTagConfig, sampleTag, tagBy } from '../shared/tagging.js';
import { FetchExchange, type FetchGunContext } from './exchange.js';
import { MeteredAgents } from './meteredAgents.js';

/** Options of the fetch gun. */
const fetchGunConfig = struct('fetch gun', {
  /** Where to connect, host:port. */
  target: required(endpoint, 'where to connect, host:port'),
  /** Speak TLS. */
  ssl: optional(flag, false, 'speak TLS'),
  /** Refuse certificates that are not trusted. */
  verifyCertificates: optional(flag, false, 'refuse certificates that are not trusted'),
  /** From the start of a shot to the last byte of its body; 0 = no limit. */
  requestTimeout: optional(duration, 0, 'from the start of a shot to the last byte of its body; 0 = no limit'),
  /** From one piece of a body to the next; 0 = no limit. */
  bodyIdleTimeout: optional(duration, 0, 'from one piece of a body to the next; 0 = no limit'),
  /** The handling of a redirect. */
  redirect: optional(oneOf(['manual', 'follow', 'error']), 'manual', 'the handling of a redirect'),
  /** How many redirects are followed. */
  follow: optional(unsigned, 20, 'how many redirects are followed'),
  /** Accept compressed bodies and decompress them. */
  compress: optional(flag, false, 'accept compressed bodies and decompress them'),
  /** Longest body in bytes, after decompression; 0 = no limit, but 256mb for a compressed one. */
  size: optional(
    byteSize,
    0,
    'longest body in bytes, after decompression; 0 = no limit, but 256mb for a compressed one',
  ),
  /** Keep the connection of an instance for its next request. */
  keepAlive: optional(flag, true, 'keep the connection of an instance for its next request'),
  /** Idle time before TCP keep-alive probes. */
  keepAliveProbes: optional(duration, 120_000, 'idle time before TCP keep-alive probes'),
  /** Tag samples by path. */
  autoTag: optional(autoTagConfig, defaultsOf(autoTagConfig), 'tag samples by path'),
});

/** Decoded form of {@link fetchGunConfig}. */
export type FetchGunConfig = StructOf<typeof fetchGunConfig.fields>;

function originOf({ ssl, target }: FetchGunConfig): string {
  const host = target.host === '' ? 'localhost' : target.host;
  return `${ssl ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${target.port}`;
}

/** The guns of one pool that shoot with node-fetch at one target; each has its own connection. */
class FetchGunFactory implements GunFactory<HttpAmmo, NetSample> {
  readonly #context: FetchGunContext;
  #library: ReturnType<FetchGunContext['library']> | undefined;

  constructor(
    readonly config: FetchGunConfig,
    private readonly deps: Deps,
  ) {
    const { requestTimeout, bodyIdleTimeout, size, redirect, follow, compress, target } = config;
    this.#context = {
      library: () => {
        this.#library ??= import('node-fetch');
        return this.#library;
      },
      scheduler: deps.scheduler,
      origin: originOf(config),
      requestTimeout,
      bodyIdleTimeout,
      counters: { redirects: 0, strays: 0 },
      size,
      init: { redirect, follow, compress },
      host: target.host,
      exchanges: deps.exchanges,
      failed: failureLog(deps.log, target.text),
    };
  }

  /**
   * Those of the http gun that can be known. node-fetch never sends a request again, and it fails a body that is too long instead of
   * cutting it, so the others would always be 0.
   */
  counters(): ReadonlyMap<string, number> {
    const { redirects, strays } = this.#context.counters;
    return new Map([
      ['redirects followed', redirects],
      ['responses without a request', strays],
    ]);
  }

  /** Loads node-fetch, so that the first shot does not wait for it. */
  warmUp(): Promise<unknown> {
    return this.#context.library();
  }

  create(_context: GunContext): Gun<HttpAmmo, NetSample> {
    const { keepAlive, keepAliveProbes, verifyCertificates, autoTag } = this.config;
    const keepAliveMsecs = keepAliveProbes;
    const { counters } = this.#context;
    const stray = (): void => {
      counters.strays++;
    };
    const options = { keepAlive, keepAliveMsecs, rejectUnauthorized: verifyCertificates };
    const agents = new MeteredAgents(options, stray, this.deps.connections);
    return {
      shoot: (ammo, shot) => {
        requireHttpAmmo(ammo, 'fetch');
        return new Observable((subscriber) => {
          const sample = NetSample.of(shot);
          sample.id = ammo.id;
          sample.tag = sampleTag(autoTag, ammo.tag, ammo.request.path);
          const fetching = new FetchExchange(this.#context, agents, sample, subscriber);
          fetching.start(ammo);
          return fetching;
        });
      },
      close: () => agents.close(),
    };
  }
}

/**
 * Shoots with the Fetch API of node-fetch, with the headers, redirects and decompression of a general-purpose client. About ten
 * times slower than the `http` gun. The Host header has the port of the target unless the ammo fixes a host.
 *
 * @example
 * nodeFetch({ target: 'localhost:8080' });
 */
export const nodeFetch = component({
  kind: 'gun',
  name: 'fetch',
  summary: 'Shoots HTTP requests with node-fetch, a general-purpose client; much slower than http.',
  example: { target: 'localhost:8080', requestTimeout: '5s' },
  options: fetchGunConfig,
  create: (options, deps) => new FetchGunFactory(options, deps),
  describe: ({ target, ssl, requestTimeout, bodyIdleTimeout }) => {
    const unlimited = requestTimeout === 0 && bodyIdleTimeout === 0;
    return `fetch to ${target.text}${ssl ? ' over TLS' : ''}${unlimited ? '; no limit for a whole shot (request-timeout)' : ''}`;
  },
  traits: ({ target, keepAlive, requestTimeout, autoTag }) => ({
    takes: ['http'],
    protocol: 'HTTP/1.1',
    connections: { target, keepAlive, idleMs: 0, shared: false },
    ...(requestTimeout > 0 ? { timeoutMs: requestTimeout } : {}),
    tagOf: tagBy(autoTag),
    retags: autoTag.enabled,
  }),
});
