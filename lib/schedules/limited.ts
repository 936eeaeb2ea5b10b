import { checked } from '../codec/checked.js';
import type { Codec } from '../codec/codec.js';
import type { Chosen } from '../plugin/chosen.js';

/** Whether a schedule of the config has an unlimited part, however deep. */
function isUnlimited({ name, config }: Chosen<'schedule'>): boolean {
  if (name === 'unlimited') return true;
  const { nested } = Object(config) as { readonly nested?: Chosen<'schedule'> | readonly Chosen<'schedule'>[] };
  return nested !== undefined && [nested].flat().some(isUnlimited);
}

/** A schedule whose operations all have planned times, because they are moved or counted. */
export function limited(schedule: Codec<Chosen<'schedule'>>): Codec<Chosen<'schedule'>> {
  return checked(schedule, (chosen) => !isUnlimited(chosen), 'a schedule without an unlimited part', 'bad-value', {
    hint: () => 'operations of an unlimited schedule have no planned times; put it beside this one, into a list',
  });
}
