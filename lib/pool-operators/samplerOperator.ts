import { filterSamples } from '../../operators/filterSamples.js';
import { atLeast } from '../codec/atLeast.js';
import { flag } from '../codec/flag.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineOperator } from '../engine/defineOperator.js';
import { NET_CODE } from '../protocols/netCode.js';
import type { NetSample } from '../protocols/netSample.js';

/** Whether somebody who looks for what went wrong wants to see it. */
function isBad({ outcome, netCode, protoCode }: NetSample): boolean {
  return outcome !== 'shot' || netCode !== NET_CODE.ok || protoCode >= 400;
}

/**
 * The `sampler` operator: one sample in n, by the index of the operation, so the same ones however many threads there are.
 * Results after it, the summary too, count only what it keeps.
 */
export const samplerOperator = defineOperator({
  at: 'samples',
  name: 'sampler',
  summary: 'Keeps one sample in n, and all that failed; every result, the summary too, counts only these.',
  codec: () =>
    struct('sampler', {
      oneIn: required(atLeast(integer, 1), 'one sample in how many is kept, by the index of the operation'),
      keepFailed: optional(flag, true, 'keeps every error, status from 400 on, discarded and unfinished operation'),
    }),
  create: ({ oneIn, keepFailed }) =>
    filterSamples((sample) => sample.index % oneIn === 0 || (keepFailed && isBad(sample))),
});
