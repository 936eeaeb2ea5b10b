import type { Armoury } from '../core/armoury.js';
import type { NetSample } from '../protocols/netSample.js';
import { Programme } from './play/programme.js';
import { ScenarioShooter } from './play/scenarioShooter.js';
import type { ScenariosOptions } from './scenariosOptions.js';

/**
 * A gun whose shots are scenarios, over any transport: each shot plays one from beginning to end, so the rate of the pool counts
 * scenario starts, and its instances are the visitors that can be on their way at once.
 *
 * ```text
 * shots                   s-------------s----|
 * scenarios({ ... })      ---r---r--w---...         r: sample of a request, w: sample of the whole scenario
 * ```
 *
 * - Shares are exact: after any number of starts each scenario has been started within 1 of its share, also over threads.
 * - The samples of requests come when they end, that of the scenario comes last. A failure in a scenario is a sample; see
 *   {@link scenario}. The ammo is handed to the session and otherwise not used.
 * - Chance in a scenario depends on the seed of the run (each thread has its own) and the index of its start, not on what other
 *   instances do.
 * - Aborting a shot aborts its requests and gives no samples.
 *
 * @throws ElpisError `ELPIS_CONFIG` for no scenarios, a weight that is not above 0, or two of the same name.
 *
 * @example
 * declare const transports: Transports<HttpRequest>;
 * declare const deps: Deps;
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * scenarios({ transports, mix: [{ scenario: browse, weight: 95 }, { scenario: buy, weight: 5 }], deps });
 */
export function scenarios<R>(options: ScenariosOptions<R>): Armoury<unknown, NetSample> {
  const { transports, mix, deps } = options;
  const house = {
    ...options,
    programme: new Programme(mix, deps.share),
    seed: Math.floor(deps.random() * 2 ** 32),
    shared: new WeakMap(),
  };
  return {
    ...(transports.warmUp === undefined ? {} : { warmUp: () => transports.warmUp?.() ?? [] }),
    make: (context) => new ScenarioShooter(house, transports.make(context)),
    close: () => transports.close?.(),
  };
}
