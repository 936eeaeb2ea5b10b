import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { unsigned } from '../codec/unsigned.js';
import { Pullable } from '../coreutil/pullable.js';
import { defineComponent } from '../plugin/defineComponent.js';
import type { EmptyAmmo } from '../protocols/emptyAmmo.js';
import { CountedCursor } from './countedCursor.js';

function ammoAt(index: number): EmptyAmmo {
  return { protocol: 'empty', id: index + 1, tag: '' };
}

/** The `dummy` provider: endless ammo with nothing in it, for guns that need none. */
export const dummyProvider = defineComponent({
  kind: 'provider',
  name: 'dummy',
  summary: 'Endless ammo with nothing in it, for guns that need none.',
  codec: () => struct('dummy ammo', { limit: optional(unsigned, 0, 'how many; 0 for endlessly many') }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, ammoAt), { scheduler }),
});
