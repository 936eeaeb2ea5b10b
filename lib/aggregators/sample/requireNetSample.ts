import { ElpisError } from '../../core/errors.js';
import { isTimedSample } from '../../measure/sampleTimes.js';
import type { NetSample } from '../../protocols/netSample.js';

/** True for a {@link NetSample}, including one of another copy of the package, which user modules may load. */
export const isNetSample = (sample: unknown): sample is NetSample => isTimedSample(sample);

/** The sample as a network sample. @throws ElpisError `ELPIS_CONFIG` when the gun's samples have another shape. */
export function requireNetSample(sample: unknown, from: string): NetSample {
  if (isNetSample(sample)) return sample;
  throw new ElpisError(
    'ELPIS_CONFIG',
    `${from} writes only network samples, and this gun emits samples of another shape`,
    {
      hint: 'use jsonlines, which writes any sample, or make the gun emit NetSamples',
    },
  );
}
