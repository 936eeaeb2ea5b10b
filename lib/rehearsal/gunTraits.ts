import type { Millis } from '../core/units.js';
import { type AutoTagConfig, sampleTag } from '../guns/shared/tagging.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import { isHttpAmmo } from '../protocols/http.js';
import type { CookieScope } from '../scenario/scenarioGun.js';

/** What a rehearsal takes over from the gun that it replaces. */
export interface GunTraits {
  /** The tag under which the gun would record a shot. */
  readonly tagOf: (ammo: unknown) => string;
  /** Its own limit for an answer, if it has one. */
  readonly timeoutMs: Millis | undefined;
  /** How long it keeps the cookies of scenarios. */
  readonly cookies: CookieScope | undefined;
}

const COOKIE_SCOPES: readonly CookieScope[] = ['instance', 'scenario', 'off'];
const NO_AUTO_TAG: AutoTagConfig = { enabled: false, uriElements: 2, noTagOnly: true };

/** The traits of a configured gun: its rule for tags and its timeout, as the built-in guns call them. */
export function gunTraits({ config }: ConfiguredComponent<'gun'>): GunTraits {
  const {
    autoTag = NO_AUTO_TAG,
    cookies,
    responseHeaderTimeout,
    timeout,
  } = Object(config) as {
    readonly autoTag?: AutoTagConfig;
    readonly cookies?: unknown;
    readonly responseHeaderTimeout?: unknown;
    readonly timeout?: unknown;
  };
  const limitNs = [responseHeaderTimeout, timeout].find((ns): ns is number => typeof ns === 'number' && ns > 0);
  return {
    tagOf: (ammo) => {
      if (isHttpAmmo(ammo)) return sampleTag(autoTag, ammo.tag, ammo.request.path);
      const { tag } = Object(ammo) as { readonly tag?: unknown };
      return typeof tag === 'string' ? tag : '';
    },
    timeoutMs: limitNs === undefined ? undefined : limitNs / 1e6,
    cookies: COOKIE_SCOPES.find((scope) => scope === cookies),
  };
}
