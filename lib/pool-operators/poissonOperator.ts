import { poisson } from '../../operators/poisson.js';
import { struct } from '../codec/struct.js';
import { defineOperator } from '../engine/defineOperator.js';
import { seedField } from './seedField.js';

/** The `poisson` operator: the same moments for the same seed, however many threads there are. */
export const poissonOperator = defineOperator('ticks', {
  name: 'poisson',
  summary: 'Operations come as independent users do, at the planned rate; their number stays.',
  codec: () => struct('poisson', { seed: seedField }),
  create: ({ seed }) => poisson({ seed }),
});
