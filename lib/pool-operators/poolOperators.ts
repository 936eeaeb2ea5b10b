import { map } from 'rxjs';
import { jitter } from '../../operators/ticks/jitter.js';
import { poisson } from '../../operators/ticks/poisson.js';
import { atLeastMs } from '../codec/duration.js';
import { integer, regex, text } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { defineOperator } from '../engine/defineOperator.js';

/** The `retag` operator: `/user/17` and `/user/18` become one tag, `/user/*`. */
export const retagOperator = defineOperator('samples', {
  name: 'retag',
  summary: 'Rewrites the tags of samples by a regular expression.',
  codec: () =>
    struct('retag', {
      pattern: required(regex, 'what is replaced in a tag, everywhere in it'),
      replacement: optional(text, '*', 'what stands there instead; $1 is the first group'),
    }),
  create: ({ pattern, replacement }) =>
    map((sample) => {
      const tag = sample.tag.replace(pattern, replacement);
      return tag === sample.tag || sample.tag === '' ? sample : sample.with({ tag });
    }),
});

/** The key `seed` of what is left to chance. */
const seedField = optional(integer, 1, 'the same seed gives the same moments');

/** The `jitter` operator: the same moments for the same seed, however many threads there are. */
export const jitterOperator = defineOperator('ticks', {
  name: 'jitter',
  summary: 'Moves every operation earlier or later by chance; their number and order stay.',
  codec: () =>
    struct('jitter', {
      amount: required(atLeastMs(0), 'the most that an operation is moved, to either side'),
      seed: seedField,
    }),
  create: ({ amount, seed }) => jitter(amount / 1e6, { seed }),
});

/** The `poisson` operator: the same moments for the same seed, however many threads there are. */
export const poissonOperator = defineOperator('ticks', {
  name: 'poisson',
  summary: 'Operations come as independent users do, at the planned rate; their number stays.',
  codec: () => struct('poisson', { seed: seedField }),
  create: ({ seed }) => poisson({ seed }),
});
