import { ElpisError } from '../lib/core/errors.js';
import { Pullable } from '../lib/coreutil/pullable.js';
import type { MixAmmoOptions, WeightedAmmo } from './mixAmmoOptions.js';
import { MixCursor } from './mixCursor.js';

function refuse(message: string, hint: string): never {
  throw new ElpisError('ELPIS_CONFIG', `mixAmmo: ${message}`, { hint });
}

/**
 * Mixes several providers by weight into one, with exact shares: after any number of draws each provider has been drawn
 * within 1 of its share.
 *
 * ```text
 * a, weight 2                        a1 a2 a3 a4 ...      (pulled)
 * b, weight 1                        b1 b2 ...            (pulled)
 * mixAmmo([2 x a, 1 x b])            a1 b1 a2 a3 b2 a4 ...
 * ```
 *
 * - The order is deterministic and even, never drawn by lot. The rule is R. Tijdeman's ("The chairman assignment problem", Discrete
 *   Mathematics 32, 1980), which keeps each of n providers within 1 - 1/(2n - 2) of its share at any time; smooth weighted round
 *   robin, which load balancers use, may be off by more than 1.
 * - Demand: one draw from one provider for each that is asked of the mix, never ahead. While the provider whose turn it is
 *   has nothing yet, the mix waits for it; turns are never swapped. A provider that pushes is subscribed to when the mix is,
 *   and what comes too early waits in `backlog`.
 * - Completes when the provider whose turn it is has finished. With `continue` it is left out, the others share what comes
 *   from then on by their weights, and the mix completes after the last of them.
 * - An error of the provider whose turn it is passes through. Unsubscribing closes all providers, each once.
 * - Ammo that is given back is the next to be drawn. Ammo that is not needed any more is released to the provider that it
 *   came from.
 * - `id` keeps the numbering of the provider, so equal ids occur.
 * - Threads: hand whole providers and the thread's `share` to the mix; then the shares of all threads together are, ammo for
 *   ammo, the mix of one. The component `mix` of the config does. (With providers that are striped themselves, each thread
 *   mixes its stripes by the same weights, but in an order of its own.)
 *
 * Cost: O(providers) for each draw.
 *
 * @throws ElpisError `ELPIS_CONFIG` for no providers, or a weight that is not a number above 0.
 *
 * @example
 * const browse = uri({ uris: ['/', '/goods'] });
 * const order = uri({ uris: ['/order'] });
 * const shots = constant({ ops: 100, duration: '30s' }).pipe(
 *   zipAmmo(mixAmmo([{ weight: 95, ammo: browse }, { weight: 5, ammo: order }])),
 * );
 */
export function mixAmmo<A extends readonly unknown[]>(
  providers: readonly [...{ [K in keyof A]: WeightedAmmo<A[K]> }],
  options: MixAmmoOptions = {},
): Pullable<A[number]> {
  if (providers.length === 0) refuse('there are no providers to mix', 'hand in at least one { weight, ammo }');
  const weighted = providers as readonly WeightedAmmo<A[number]>[];
  weighted.forEach(({ weight }, i) => {
    if (!(weight > 0 && Number.isFinite(weight)))
      refuse(
        `weight ${weight} of provider ${i + 1} is not a number above 0`,
        'leave out a provider that is not wanted',
      );
  });
  return new Pullable<A[number]>(
    (scheduler) => new MixCursor(weighted, options, scheduler),
    options.scheduler === undefined ? {} : { scheduler: options.scheduler },
  );
}
