import { jitter } from '../../operators/jitter.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineOperator } from '../engine/defineOperator.js';
import { seedField } from './seedField.js';

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
