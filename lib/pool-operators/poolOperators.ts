import { map } from 'rxjs';
import { jitter } from '../../operators/ticks/jitter.js';
import { poisson } from '../../operators/ticks/poisson.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { integer, regex, text } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { ElpisError } from '../core/errors.js';
import { defineOperator } from '../plugin/component.js';
import { callWithin, DeadlineError } from '../time/deadline.js';
import { safeLength } from '../time/safeExpression.js';

/** The number of cached tags with their replacements. */
const KNOWN_TAGS = 1000;
const TAG_MS = 500;

/**
 * Rewrites tags by an expression; each of the first 1000 tags once.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an expression that takes over 500 ms for a tag, because it backtracks.
 */
function tagWriter(pattern: RegExp, replacement: string): (tag: string) => string {
  const known = new Map<string, string>();
  const safe = safeLength(pattern);
  const write = (tag: string): string => {
    if (tag.length <= safe) return tag.replace(pattern, replacement);
    try {
      return callWithin(TAG_MS, () => tag.replace(pattern, replacement));
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      const message = `retag: the pattern ${pattern.source} took over ${TAG_MS} ms for the tag ${JSON.stringify(tag)}`;
      throw new ElpisError('ELPIS_CONFIG', message, {
        hint: 'a repetition in a repetition, such as (a+)+, takes exponential time; write it without one',
      });
    }
  };
  return (tag) => {
    let written = known.get(tag);
    if (written === undefined) {
      written = write(tag);
      if (known.size < KNOWN_TAGS) known.set(tag, written);
    }
    return written;
  };
}

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
    /** The expression, every match of which is replaced. */
    pattern: required(regex, 'the expression, every match of which is replaced'),
    /** The replacement; $1 is the first group. */
    replacement: optional(text, '*', 'the replacement; $1 is the first group'),
  }),
  create: ({ pattern, replacement }) => {
    const rewritten = tagWriter(pattern, replacement);
    return map((sample) => {
      const tag = rewritten(sample.tag);
      return tag === sample.tag || sample.tag === '' ? sample : sample.with({ tag });
    });
  },
  describe: ({ pattern, replacement }) => `retag ${pattern.source} to ${replacement}`,
});

/** The key `seed` of random operators. */
const seedField = optional(integer, 1, 'the same seed gives the same moments');

/** The `jitter` operator: the same moments for the same seed, for any number of threads. */
export const jitterOperator = defineOperator('ticks', {
  name: 'jitter',
  summary: 'Moves every operation by a random time, earlier or later; their number and order are kept.',
  example: { amount: '20ms' },
  options: struct('jitter', {
    /** The largest move, to either side. */
    amount: required(atLeastMs(0), 'the largest move, to either side'),
    /** The same seed gives the same moments. */
    seed: seedField,
  }),
  create: ({ amount, seed }) => jitter(amount, { seed }),
  describe: ({ amount }) => `jitter by up to ${lengthText(amount)}`,
});

/** The `poisson` operator: the same moments for the same seed, for any number of threads. */
export const poissonOperator = defineOperator('ticks', {
  name: 'poisson',
  summary: 'Plays operations at the moments of independent users, at the planned rate; their number is kept.',
  example: { seed: 7 },
  options: struct('poisson', {
    /** The same seed gives the same moments. */
    seed: seedField,
  }),
  create: ({ seed }) => poisson({ seed }),
});
