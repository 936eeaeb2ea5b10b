import type { Deps } from '../core/deps.js';
import type { Scenario } from '../scenario/scenario.js';
import type { WeightedScenario } from '../scenario/scenarioAmmo.js';
import { scenarioProvider } from '../scenario/scenarioProvider.js';

/**
 * Scenarios as ammo, for {@link scenarioGun}: one, or several with their weights (default 1), in exact shares. See
 * `scenarioAmmo` of `elpis/scenario` for the order. The same as `scenarioProvider({ scenarios, limit })`.
 *
 * @param played A scenario, or a list of scenarios, each alone or with its weight.
 * @param options `limit`: how many are played in the whole run. Default: no limit.
 * @param deps Replacements of the default dependencies, which are this process and real time.
 * @example
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * pool({
 *   gun: scenarioGun({ target: 'localhost:8080' }),
 *   ammo: scenarios([{ scenario: browse, weight: 95 }, { scenario: buy, weight: 5 }]),
 *   result: phout({ destination: './phout.log' }),
 *   rps: constant({ ops: 10, duration: '1m' }),
 *   startup: once({ times: 50 }),
 * });
 */
export function scenarios(
  played: Scenario | readonly (Scenario | WeightedScenario)[],
  options: { readonly limit?: number } = {},
  deps: Partial<Deps> = {},
): ReturnType<typeof scenarioProvider> {
  return scenarioProvider({ ...options, scenarios: played }, deps);
}
