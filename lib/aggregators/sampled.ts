import { filter } from 'rxjs';
import { atLeast } from '../codec/bounds.js';
import { flag, integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import type { AnyComponent } from '../plugin/anyComponent.js';
import { component } from '../plugin/component.js';
import { filesUnder } from '../plugin/traits.js';
import { csv } from './csv.js';
import { discard } from './discard.js';
import { json, jsonlines } from './jsonlines.js';
import { logSamples } from './log.js';
import { phout } from './phout.js';
import { isBad } from './sample/netTimes.js';
import { requireNetSample } from './sample/requireNetSample.js';

/**
 * Passes one sample in n, and all that failed, to another result. The choice depends on the index of the operation,
 * so it is the same for any number of threads. Other results and the summary still receive every sample.
 *
 * @example
 * sampled({ oneIn: 100, result: phout({ destination: './phout.log' }) });
 */
export const sampled = component({
  kind: 'aggregator',
  name: 'sampled',
  summary: 'Passes one sample in n, and all that failed, to another result; the summary still counts all.',
  example: { oneIn: 100, result: { type: 'jsonlines', sink: './samples.jsonl' } },
  parts: (): readonly AnyComponent[] => [phout, jsonlines, json, csv, logSamples, discard, sampled],
  options: ({ aggregator }) =>
    struct('sampled', {
      /** Keeps one sample in this many, by the index of the operation. */
      oneIn: required(atLeast(integer, 1), 'keeps one sample in this many, by the index of the operation'),
      /** Keeps every bad, failed, discarded or unfinished operation. */
      keepFailed: optional(flag, true, 'keeps every bad, failed, discarded or unfinished operation'),
      /** The result that receives the kept samples. */
      result: required(aggregator, 'the result that receives the kept samples'),
    }),
  create: ({ oneIn, keepFailed, result }, deps): Aggregator<unknown> => {
    const inner = result.create(deps);
    const kept = (given: unknown): boolean => {
      const sample = requireNetSample(given, 'sampled');
      return sample.index % oneIn === 0 || (keepFailed && isBad(sample));
    };
    return (samples) => samples.pipe(filter(kept), inner);
  },
  describe: ({ oneIn, keepFailed, result }) =>
    `one sample in ${oneIn}${keepFailed ? ', and all that failed,' : ''} for ${result.describe()}`,
  traits: ({ result }) => ({ stdout: result.traits.stdout === true, ...filesUnder('result', result) }),
});
