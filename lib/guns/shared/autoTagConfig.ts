import { atLeast } from '../../codec/atLeast.js';
import { flag } from '../../codec/flag.js';
import { integer } from '../../codec/integer.js';
import { optional } from '../../codec/optional.js';
import { type StructOf, struct } from '../../codec/struct.js';

/** When and how a sample is tagged by the path of its request. */
export const autoTagConfig = struct('auto-tag', {
  enabled: optional(flag, false, 'tag samples by the path of the URL'),
  uriElements: optional(atLeast(integer, 1), 2, 'how many elements of the path make the tag'),
  noTagOnly: optional(flag, true, 'only ammo that has no tag of its own; otherwise the path is added after |'),
});

/** Decoded form of {@link autoTagConfig}. */
export type AutoTagConfig = StructOf<typeof autoTagConfig.fields>;
