import { FairOrder } from '../../../operators/fairOrder.js';
import { ElpisError } from '../../core/errors.js';
import type { Share } from '../../core/share.js';
import type { Scenario } from '../scenario.js';
import type { WeightedScenario } from '../weightedScenario.js';

/**
 * Which scenario is played next, with exact shares: after any number of starts each has been started within 1 of its share. The
 * shares of a run draw from one order: thread k of n takes the draws k, k + n, k + 2n and so on.
 */
export class Programme {
  readonly #order: FairOrder;
  #skip: number;

  /** @throws ElpisError `ELPIS_CONFIG` for no scenarios, a weight that is not a number above 0, or two of the same name. */
  constructor(
    mix: readonly WeightedScenario[],
    private readonly share: Share,
  ) {
    if (mix.length === 0) throw new ElpisError('ELPIS_CONFIG', 'there are no scenarios to play');
    const named = new Map<string, Scenario>();
    for (const { scenario, weight = 1 } of mix) {
      if (!(weight > 0 && Number.isFinite(weight))) {
        const hint = 'leave out a scenario that is not wanted';
        throw new ElpisError('ELPIS_CONFIG', `scenario "${scenario.name}" has weight ${weight}`, { hint });
      }
      const other = named.get(scenario.name);
      if (other !== undefined && other !== scenario) {
        const hint = 'give one another name, so that their samples are told apart';
        throw new ElpisError('ELPIS_CONFIG', `two scenarios are named "${scenario.name}"`, { hint });
      }
      named.set(scenario.name, scenario);
    }
    this.#order = new FairOrder(mix.map(({ weight = 1 }) => weight));
    this.#skip = share.index;
  }

  /** The place in the mix of the scenario that is played next. */
  next(): number {
    for (; this.#skip > 0; this.#skip--) this.#order.next();
    this.#skip = this.share.of - 1;
    return this.#order.next();
  }
}
