import { Observable } from 'rxjs';
import type { Armoury, GunContext } from '../../core/armoury.js';
import type { Deps } from '../../core/deps.js';
import type { Gun } from '../../core/gun.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import { NetSample } from '../../protocols/netSample.js';
import { failureLog } from '../shared/failureLog.js';
import { requireHttpAmmo } from '../shared/requireHttpAmmo.js';
import { sampleTag } from '../shared/sampleTag.js';
import type { FetchGunConfig } from './fetchGunConfig.js';
import { type FetchRig, FetchShot } from './fetchShot.js';
import { MeteredAgents } from './meteredAgents.js';

const NS_PER_MS = 1e6;

function originOf({ ssl, target }: FetchGunConfig): string {
  const host = target.host === '' ? 'localhost' : target.host;
  return `${ssl ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${target.port}`;
}

/** The guns of one pool that shoot by node-fetch at one target; each has its own connection. */
export class FetchArmoury implements Armoury<HttpAmmo, NetSample> {
  readonly #rig: FetchRig;

  constructor(
    readonly config: FetchGunConfig,
    deps: Deps,
  ) {
    const { timeout, size, redirect, follow, compress, target } = config;
    this.#rig = {
      scheduler: deps.scheduler,
      origin: originOf(config),
      timeout: timeout / NS_PER_MS,
      size,
      init: { redirect, follow, compress },
      failed: failureLog(deps.log, target.text),
    };
  }

  make(_context: GunContext): Gun<HttpAmmo, NetSample> {
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
          const fetching = new FetchShot(this.#rig, agents, sample, subscriber);
          fetching.start(ammo);
          return fetching;
        });
      },
      close: () => agents.close(),
    };
  }
}
