import { mixAmmo } from '../../operators/shots/mixAmmo.js';
import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { float, oneOf } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { WHOLE } from '../core/deps.js';
import { defineComponent } from '../plugin/descriptor.js';

const weight = checked(float, (value) => value > 0, 'a number above 0', 'min');

/** The `mix` provider: several providers by weight, with exact shares. All threads walk one order. */
export const mixProvider = defineComponent({
  kind: 'provider',
  name: 'mix',
  summary: 'Several providers mixed by weight, with exact shares.',
  codec: (plugins) => {
    const entry = struct('a provider of the mix', {
      weight: optional(weight, 1, 'how much of the ammo is its, in relation to the other weights'),
      ammo: required(plugins.provider, 'the provider'),
    });
    const entries = checked(
      listOf(entry),
      (list) => list.length > 0,
      'a list of { weight, ammo }, at least one',
      'required',
    );
    return struct('mix ammo', {
      providers: required(entries, 'what is mixed'),
      whenOneEnds: optional(
        oneOf(['end', 'continue']),
        'end',
        'whether the mix ends with the first, or goes on with the others',
      ),
    });
  },
  create: ({ providers, whenOneEnds }, deps) => {
    const whole = { ...deps, share: WHOLE };
    const { share, scheduler } = deps;
    return mixAmmo(
      providers.map(({ weight, ammo }) => ({ weight, ammo: ammo.create(whole) })),
      { whenOneEnds, share, scheduler },
    );
  },
});
