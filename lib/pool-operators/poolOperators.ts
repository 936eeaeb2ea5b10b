import { map } from 'rxjs';
import { jitter } from '../../operators/ticks/jitter.js';
import { poisson } from '../../operators/ticks/poisson.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { integer, regex, text } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { defineOperator } from '../plugin/component.js';

/**
 * Rewrites the tags of samples: `/user/17` and `/user/18` become one tag, `/user/*`.
 *
 * @example
 * samples.pipe(retag({ pattern: '[0-9]+', replacement: 'ID' }));
 */
export const retag = defineOperator('samples', {
  name: 'retag',
  summary: 'Rewrites the tags of samples by a regular expression.',
  example: { pattern: '[0-9]+', replacement: 'ID' },
  options: struct('retag', {
    /** What is replaced in a tag, everywhere in it. */
    pattern: required(regex, 'what is replaced in a tag, everywhere in it'),
    /** What stands there instead; $1 is the first group. */
    replacement: optional(text, '*', 'what stands there instead; $1 is the first group'),
  }),
  create: ({ pattern, replacement }) =>
    map((sample) => {
      const tag = sample.tag.replace(pattern, replacement);
      return tag === sample.tag || sample.tag === '' ? sample : sample.with({ tag });
    }),
  describe: ({ pattern, replacement }) => `retag ${pattern.source} to ${replacement}`,
});

/** The key `seed` of what is left to chance. */
const seedField = optional(integer, 1, 'the same seed gives the same moments');

/** The `jitter` operator: the same moments for the same seed, however many threads there are. */
export const jitterOperator = defineOperator('ticks', {
  name: 'jitter',
  summary: 'Moves every operation earlier or later by chance; their number and order stay.',
  example: { amount: '20ms' },
  options: struct('jitter', {
    /** The most that an operation is moved, to either side. */
    amount: required(atLeastMs(0), 'the most that an operation is moved, to either side'),
    /** The same seed gives the same moments. */
    seed: seedField,
  }),
  create: ({ amount, seed }) => jitter(amount, { seed }),
  describe: ({ amount }) => `jitter by up to ${lengthText(amount)}`,
});

/** The `poisson` operator: the same moments for the same seed, however many threads there are. */
export const poissonOperator = defineOperator('ticks', {
  name: 'poisson',
  summary: 'Operations come as independent users do, at the planned rate; their number stays.',
  example: { seed: 7 },
  options: struct('poisson', {
    /** The same seed gives the same moments. */
    seed: seedField,
  }),
  create: ({ seed }) => poisson({ seed }),
});
