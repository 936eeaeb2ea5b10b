import type { Deps } from '../core/deps.js';
import type { Transports } from '../protocols/transport.js';
import type { Watch } from './play/watch.js';
import type { WeightedScenario } from './weightedScenario.js';

/** How long cookies are kept: by each instance, by one run of a scenario, or not at all. */
export type CookieScope = 'instance' | 'scenario' | 'off';

/** What {@link scenarios} plays, and over what. */
export interface ScenariosOptions<R> {
  /** Carries the requests. */
  readonly transports: Transports<R>;
  readonly mix: readonly WeightedScenario[];
  /** Default `instance`: an instance is one visitor for the whole run. */
  readonly cookies?: CookieScope;
  /** Told what the scenarios do, for drawings. */
  readonly watch?: Watch;
  readonly deps: Pick<Deps, 'scheduler' | 'random' | 'share'>;
}
