import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { Pullable } from '../coreutil/pullable.js';
import { defineComponent } from '../plugin/defineComponent.js';
import type { NumberAmmo } from '../protocols/numberAmmo.js';
import { CountedCursor } from './countedCursor.js';

function ammoAt(index: number): NumberAmmo {
  return { protocol: 'number', id: index + 1, tag: '', value: index };
}

/** The `num` provider: 0, 1, 2, ... */
export const numProvider = defineComponent({
  kind: 'provider',
  name: 'num',
  summary: 'The numbers 0, 1, 2, ...',
  codec: () => struct('num ammo', { limit: optional(integer, 0, 'how many numbers; 0 or less for endlessly many') }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, ammoAt), { scheduler }),
});
