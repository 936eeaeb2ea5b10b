import { Observable } from 'rxjs';
import { byteSize } from '../../codec/byteSize.js';
import { duration } from '../../codec/duration.js';
import { endpoint } from '../../codec/net.js';
import { flag, oneOf, unsigned } from '../../codec/scalars.js';
import { defaultsOf, optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../../core/gun.js';
import { defineComponent } from '../../plugin/descriptor.js';
import { type HttpAmmo, requireHttpAmmo } from '../../protocols/http.js';
import { failureLog } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import { autoTagConfig, sampleTag } from '../shared/tagging.js';
import { FetchExchange, type FetchGunContext } from './exchange.js';
import { MeteredAgents } from './meteredAgents.js';

/** Options of the fetch gun. Durations are nanoseconds. */
const fetchGunConfig = struct('fetch gun', {
  target: required(endpoint, 'where to connect, host:port'),
  ssl: optional(flag, false, 'speak TLS'),
  verifyCertificates: optional(flag, false, 'refuse certificates that are not trusted'),
  timeout: optional(duration, 0, 'from the start of a shot to the last byte of its body; 0 = no limit'),
  redirect: optional(oneOf(['manual', 'follow', 'error']), 'manual', 'what to do with a redirect'),
  follow: optional(unsigned, 20, 'how many redirects are followed'),
  compress: optional(flag, false, 'accept compressed bodies and decompress them'),
  size: optional(byteSize, 0, 'longest body in bytes, after decompression; 0 = no limit'),
  keepAlive: optional(flag, true, 'keep the connection of an instance for its next request'),
  keepAliveProbes: optional(duration, 120e9, 'idle time before TCP keep-alive probes'),
  autoTag: optional(autoTagConfig, defaultsOf(autoTagConfig), 'tag samples by path'),
});

/** Decoded form of {@link fetchGunConfig}. */
export type FetchGunConfig = StructOf<typeof fetchGunConfig.fields>;

const NS_PER_MS = 1e6;

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
    deps: Deps,
  ) {
    const { timeout, size, redirect, follow, compress, target } = config;
    this.#context = {
      library: () => {
        this.#library ??= import('node-fetch');
        return this.#library;
      },
      scheduler: deps.scheduler,
      origin: originOf(config),
      timeout: timeout / NS_PER_MS,
      size,
      init: { redirect, follow, compress },
      failed: failureLog(deps.log, target.text),
    };
  }

  /** Loads node-fetch, so that the first shot does not wait for it. */
  warmUp(): Promise<unknown> {
    return this.#context.library();
  }

  create(_context: GunContext): Gun<HttpAmmo, NetSample> {
    const { keepAlive, keepAliveProbes, verifyCertificates, autoTag } = this.config;
    const keepAliveMsecs = keepAliveProbes / NS_PER_MS;
    const agents = new MeteredAgents({ keepAlive, keepAliveMsecs, rejectUnauthorized: verifyCertificates });
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
 */
export const fetchGun = defineComponent({
  kind: 'gun',
  name: 'fetch',
  summary: 'Shoots HTTP requests with node-fetch, a general-purpose client; much slower than http.',
  codec: () => fetchGunConfig,
  create: (config, deps) => new FetchGunFactory(config, deps),
});
